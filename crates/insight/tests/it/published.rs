//! Figures that others published, or that other programs compute from published data.

use crate::{by_reviewer, close, ratings};
use goldstar_insight::{Coincidences, Metric, PairTable, Random, Ratings, Table, fleiss_kappa};

/// Exact but for the last digits.
const EXACT: f64 = 1e-12;

fn check_alpha(ratings: &Ratings, expected: &[(Metric, f64)]) {
    let coincidences = Coincidences::of(ratings);
    for (metric, value) in expected {
        let what = format!("{metric:?}");
        close(coincidences.alpha(*metric).unwrap(), *value, EXACT, &what);
    }
}

/// Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011), section C: .743, .815, .849
/// and .797; further digits as the package `krippendorff` 0.9 for Python gives them.
#[test]
fn alpha_of_krippendorffs_example() {
    let example = by_reviewer(&[
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]);
    check_alpha(
        &example,
        &[
            (Metric::Nominal, 0.743_421_052_631_579),
            (Metric::Ordinal, 0.815_387_503_754_881_4),
            (Metric::Interval, 0.849_107_142_857_142_8),
            (Metric::Ratio, 0.797_402_774_711_612_1),
        ],
    );
}

/// The example of the English Wikipedia's article on the coefficient: .691 and .811.
#[test]
fn alpha_of_wikipedias_example() {
    let example = by_reviewer(&[
        ". . . . . 3 4 1 2 1 1 3 3 . 3",
        "1 . 2 1 3 3 4 3 . . . . . . .",
        ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
    ]);
    check_alpha(
        &example,
        &[
            (Metric::Nominal, 0.691_358_024_691_358),
            (Metric::Ordinal, 0.806_721_419_941_315_3),
            (Metric::Interval, 0.810_844_892_812_105_9),
        ],
    );
}

/// Shrout and Fleiss (1979), tables 2 to 4: six targets, four judges, scores from 1 to 10. Harsh
/// judges who agree: small correlations of type 1, great ones of type 3.
const JUDGES: [[i8; 4]; 6] =
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];

#[test]
fn intraclass_correlations_of_shrout_and_fleiss() {
    let rows: Vec<Vec<f64>> =
        JUDGES.iter().map(|row| row.iter().map(|score| f64::from(*score)).collect()).collect();
    let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let table = Table::of_rows(&rows).unwrap();
    close(table.between, 11.241_666_666_666_669, 1e-11, "between units");
    close(table.within, 6.263_888_888_888_889, 1e-11, "within units");
    close(table.reviewers, 32.486_111_111_111_114, 1e-11, "between reviewers");
    close(table.rest, 1.019_444_444_444_444_4, 1e-11, "rest");
    let expected = [
        0.165_741_768_405_475_44,
        0.289_763_779_527_559_1,
        0.714_840_714_840_714_9,
        0.442_797_133_679_268_65,
        0.620_050_547_598_949_1,
        0.909_315_542_377_069_5,
    ];
    for (found, expected) in table.correlations().into_iter().zip(expected) {
        close(found.unwrap(), expected, 1e-11, "correlation");
    }
}

/// The same table by the package `krippendorff`.
#[test]
fn alpha_of_shrout_and_fleiss() {
    let rows: Vec<&[i8]> = JUDGES.iter().map(<[i8; 4]>::as_slice).collect();
    check_alpha(
        &ratings(&rows),
        &[
            (Metric::Interval, 0.147_307_850_390_464_46),
            (Metric::Ordinal, 0.109_059_413_238_979_61),
        ],
    );
}

fn check_kappa(rows: &[&[u32]], expected: [f64; 3]) {
    let pair = PairTable::of(rows).pair(0, Random::new(0, 0));
    for (found, expected) in [pair.kappa, pair.linear, pair.quadratic].into_iter().zip(expected) {
        close(found.value.unwrap(), expected, EXACT, "kappa");
    }
}

#[test]
fn cohens_kappas() {
    // The article of the English Wikipedia; of two classes all weights are the same.
    check_kappa(&[&[20, 5], &[10, 15]], [0.4; 3]);
    // The example of the SAS manual for PROC FREQ: .4842 unweighted, .4701 with linear weights;
    // quadratic weights by scikit-learn 1.9.
    check_kappa(
        &[&[0, 4, 1], &[0, 8, 0], &[0, 1, 5]],
        [0.484_162_895_927_601_76, 0.470_119_521_912_350_6, 0.450_160_771_704_18],
    );
}

/// How many reviewers chose each class, as units of numbered reviewers.
fn chosen(rows: &[&[u8]]) -> Ratings {
    let rows: Vec<Vec<i8>> = rows
        .iter()
        .map(|row| {
            let each = (0_i8..).zip(row.iter());
            each.flat_map(|(class, count)| std::iter::repeat_n(class, usize::from(*count)))
                .collect()
        })
        .collect();
    ratings(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[test]
fn kappas_of_fleiss() {
    // The article of the English Wikipedia: 10 subjects, 14 raters, .210.
    let wikipedia: &[&[u8]] = &[
        &[0, 0, 0, 0, 14],
        &[0, 2, 6, 4, 2],
        &[0, 0, 3, 5, 6],
        &[0, 3, 9, 2, 0],
        &[2, 2, 8, 1, 1],
        &[7, 7, 0, 0, 0],
        &[3, 2, 6, 3, 0],
        &[2, 5, 3, 2, 2],
        &[6, 5, 2, 1, 0],
        &[0, 2, 2, 3, 7],
    ];
    close(fleiss_kappa(&chosen(wikipedia)).unwrap(), 0.209_930_704_421_955_22, EXACT, "wikipedia");
    close(fleiss_kappa(&chosen(&[&[7, 1], &[3, 5]])).unwrap(), 0.161_905, 5e-7, "two subjects");
    // Fleiss (1971): psychiatric diagnoses of 30 patients by 6 of many doctors each; .430.
    let diagnoses = "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 \
                     124444 222333 144444 224445 333335 111455 111112 224444 133555 555555 244444 \
                     224555 114444 144445 222224 111155 224444 133333 555555";
    let rows: Vec<Vec<i8>> = diagnoses
        .split_whitespace()
        .map(|word| word.bytes().map(|digit| (digit - b'1') as i8).collect())
        .collect();
    let diagnoses = ratings(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    close(fleiss_kappa(&diagnoses).unwrap(), 0.430_244_520_060_140_74, EXACT, "diagnoses");
    check_alpha(&diagnoses, &[(Metric::Nominal, 0.433_409_828_282_029)]);
}
