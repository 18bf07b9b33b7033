//! Dawid and Skene's own example, and a toy one.

use crate::close;
use goldstar_insight::{Coincidences, DawidSkene, Label, Metric, Random, Rating, Ratings};

/// Dawid and Skene (1979), table 1: how fit 45 patients are for anaesthesia, on a scale of four.
/// The first of five observers saw everyone three times.
const PATIENTS: [&str; 45] = [
    "1111111", "3334334", "1122122", "2223121", "2223222", "2223322", "1222111", "3333433",
    "2222223", "2322223", "4444444", "2223343", "1111111", "2223212", "1211111", "1112111",
    "1111111", "1111111", "2222221", "2221322", "2222222", "2222221", "2223222", "2212222",
    "1111111", "1111111", "2322222", "1111111", "1111111", "1121121", "1111111", "3333233",
    "1111111", "2222222", "2223232", "4334343", "2212232", "2323233", "3333432", "1111111",
    "1111111", "1212111", "2322222", "1211111", "2222222",
];

fn observed() -> Ratings {
    let unit = |said: &&str| -> Vec<Rating> {
        let observers = [0, 0, 0, 1, 2, 3, 4];
        let said = observers.into_iter().zip(said.bytes());
        said.map(|(reviewer, class)| Rating { reviewer, score: class - b'1' }).collect()
    };
    PATIENTS.iter().map(unit).collect()
}

/// The figures are those of a program of its own, which follow the tables of the paper.
#[test]
fn error_rates_of_the_anaesthetists() {
    let model = DawidSkene::fit(&observed());
    for (found, expected) in model.shares.iter().zip([0.3996, 0.4220, 0.1118, 0.0667]) {
        close(*found, expected, 1e-4, "share");
    }
    close(model.log_likelihood, -192.890_882_351_131_52, 1e-3, "log likelihood");
    assert!(model.rounds <= 20, "{} rounds", model.rounds);
    let errors = [
        [
            [0.8895, 0.1105, 0.0, 0.0],
            [0.0706, 0.8764, 0.053, 0.0],
            [0.0, 0.3388, 0.6612, 0.0],
            [0.0, 0.0, 0.5556, 0.4444],
        ],
        [
            [0.8342, 0.1658, 0.0, 0.0],
            [0.0527, 0.6329, 0.3143, 0.0],
            [0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ],
        [
            [1.0, 0.0, 0.0, 0.0],
            [0.1064, 0.7883, 0.1053, 0.0],
            [0.0, 0.4037, 0.1988, 0.3976],
            [0.0, 0.0, 0.6667, 0.3333],
        ],
        [
            [0.9444, 0.0556, 0.0, 0.0],
            [0.0537, 0.8426, 0.1037, 0.0],
            [0.0, 0.0, 0.8012, 0.1988],
            [0.0, 0.0, 0.3333, 0.6667],
        ],
        [
            [1.0, 0.0, 0.0, 0.0],
            [0.159, 0.7345, 0.1064, 0.0],
            [0.0, 0.2091, 0.7909, 0.0],
            [0.0, 0.0, 0.3333, 0.6667],
        ],
    ];
    for (observer, (found, expected)) in model.errors.iter().zip(errors).enumerate() {
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            close(*found, *expected, 2e-3, &format!("observer {}", observer + 1));
        }
    }
    let classes = "142222132243121111222222112111131224233111212";
    for (patient, (found, class)) in model.classes.iter().zip(classes.bytes()).enumerate() {
        let most = (0..4).max_by(|a, b| found[*a].total_cmp(&found[*b])).unwrap();
        assert_eq!(most as u8 + b'1', class, "patient {}", patient + 1);
    }
    // Patient 35 is the only one in doubt.
    close(model.classes[34][1], 0.948, 2e-3, "patient 35");
    close(model.classes[6][0], 0.981, 2e-3, "patient 7");
}

/// The toy example in the tests of crowd-kit 1.4: five workers, five tasks, no and yes. A vote ties
/// at the first task; the model finds that the second and third worker are right.
#[test]
fn what_a_vote_cannot_settle() {
    let tasks: [&[(u32, u8)]; 5] = [
        &[(0, 0), (1, 1), (3, 1), (4, 0)],
        &[(0, 1), (1, 1), (2, 1), (3, 0), (4, 0)],
        &[(0, 1), (1, 0), (2, 0), (3, 1), (4, 0)],
        &[(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)],
        &[(0, 1), (1, 0), (2, 0), (3, 0), (4, 0)],
    ];
    let unit = |task: &&[(u32, u8)]| -> Vec<Rating> {
        task.iter().map(|(reviewer, score)| Rating { reviewer: *reviewer, score: *score }).collect()
    };
    let ratings: Ratings = tasks.iter().map(unit).collect();
    let model = DawidSkene::fit(&ratings);
    for (found, yes) in model.classes.iter().zip([1.0, 1.0, 0.0, 1.0, 0.0]) {
        close(found[1], yes, 1e-6, "probability of yes");
    }
    let alpha = Coincidences::of(&ratings).alpha(Metric::Nominal).unwrap();
    close(alpha, 0.142_191_142_191_142_15, 1e-12, "alpha");
}

/// The figures come from a program of its own: the model in numpy, from shares of votes and not
/// smoothed, and alpha from the definition. The third reviewer is careless; the last unit was not
/// judged by them.
#[test]
fn a_label_by_three_reviewers_of_whom_one_is_careless() {
    let said = ["111000001001", "110000011001", "10101100101."];
    let unit = |at: usize| -> Vec<Rating> {
        let reviewers = (0..).zip(said).filter(|(_, said)| said.as_bytes()[at] != b'.');
        reviewers
            .map(|(reviewer, said)| Rating { reviewer, score: said.as_bytes()[at] - b'0' })
            .collect()
    };
    let ratings: Ratings = (0..12).map(unit).collect();
    let label = Label::of(&ratings, 200, Random::new(1, 1));
    assert_eq!((label.given, label.by_majority, label.by_model), (9, 5, 5));
    close(label.alpha.value.unwrap(), 0.328_947_368_421_052_5, 1e-12, "alpha");
    let [low, high] = label.alpha.interval.unwrap();
    assert!(low < 0.33 && 0.33 < high, "{low} to {high}");
    let known = [(12, 5, 0.999_998, 0.999_995), (12, 5, 0.800_003, 0.857_143)];
    for (reviewer, (units, given, sensitivity, specificity)) in label.reviewers.iter().zip(known) {
        assert_eq!((reviewer.units, reviewer.given), (units, given));
        close(reviewer.sensitivity.unwrap(), sensitivity, 1e-4, "sensitivity");
        close(reviewer.specificity.unwrap(), specificity, 1e-4, "specificity");
    }
    let careless = label.reviewers[2];
    assert_eq!((careless.units, careless.given), (11, 6));
    close(careless.sensitivity.unwrap(), 0.749_998, 1e-4, "sensitivity");
    close(careless.specificity.unwrap(), 0.571_426, 1e-4, "specificity");
}

#[test]
fn a_label_that_everybody_gave_has_no_units_without_it() {
    let all = [0, 1].map(|reviewer| Rating { reviewer, score: 1 });
    let ratings: Ratings = [all, all].into_iter().collect();
    let label = Label::of(&ratings, 100, Random::new(1, 1));
    assert_eq!((label.given, label.by_majority, label.by_model), (2, 2, 2));
    assert_eq!(label.alpha.value, None);
    assert_eq!(label.reviewers[0].sensitivity, Some(1.0));
    assert_eq!(label.reviewers[0].specificity, None);
}
