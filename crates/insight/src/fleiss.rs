//! Fleiss' kappa: how often judgments of a unit are equal, beyond chance.

use crate::ratings::Ratings;

/// Fleiss' kappa (*Measuring nominal scale agreement among many raters*, 1971) over the units with
/// two or more scores. Where units have different numbers of scores, each unit's agreement counts
/// the same, and chance is that of all scores. None where chance alone gives full agreement.
pub fn fleiss_kappa(ratings: &Ratings) -> Option<f64> {
    let mut given = vec![0.0; ratings.values()];
    let mut of_unit = vec![0_u32; ratings.values()];
    let (mut units, mut scores, mut agreement) = (0.0, 0.0, 0.0);
    for unit in ratings.shared() {
        let mut equal = 0;
        for rating in unit {
            let count = &mut of_unit[usize::from(rating.score)];
            equal += *count;
            *count += 1;
            given[usize::from(rating.score)] += 1.0;
        }
        unit.iter().for_each(|rating| of_unit[usize::from(rating.score)] = 0);
        let scores_here = unit.len() as f64;
        agreement += 2.0 * f64::from(equal) / (scores_here * (scores_here - 1.0));
        scores += scores_here;
        units += 1.0;
    }
    let chance: f64 = given.iter().map(|count| (count / scores) * (count / scores)).sum();
    (units > 0.0 && chance < 1.0).then(|| (agreement / units - chance) / (1.0 - chance))
}
