//! Invented reviewers whose truth is known: the model finds it better than the mean does, and names
//! who is harsh and who judges at random.
//!
//! The settings are those of a simulation in another language, whose figures are the expected ones
//! here: worths N(5.5, 1.8), biases N(0, 1), scales lognormal with 0.2, noises uniform from 0.5 to
//! 2.2, scores rounded and clipped to 1 to 10; 20 repetitions. Its random numbers are others than
//! ours: the root mean squared errors of two such runs differ by less than 0.12 each, and the ratio
//! of model to mean by less than 0.08.

use goldstar_insight::{Flag, Method, Model, Random, Rating, Ratings, Report};

const REPETITIONS: u64 = 20;

/// Draws as a statistician would; the tests may use logarithms, what is tested does not.
struct Draw(Random);

impl Draw {
    fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.0.uniform()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.0.uniform()).cos()
    }

    fn some_of(&mut self, all: usize, count: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..all).collect();
        for at in 0..count {
            let other = at + self.0.below(all - at);
            places.swap(at, other);
        }
        places.truncate(count);
        places
    }
}

/// How a reviewer judges.
#[derive(Clone, Copy)]
struct Habit {
    bias: f64,
    scale: f64,
    noise: f64,
    is_spam: bool,
}

struct World {
    worths: Vec<f64>,
    ratings: Ratings,
}

fn habits(draw: &mut Draw, count: usize) -> Vec<Habit> {
    let habit = |_| Habit {
        bias: draw.normal(0.0, 1.0),
        scale: draw.normal(0.0, 0.2).exp(),
        noise: 0.5 + 1.7 * draw.0.uniform(),
        is_spam: false,
    };
    (0..count).map(habit).collect()
}

fn world(draw: &mut Draw, units: usize, habits: &[Habit], each: usize) -> World {
    let mut world = World { worths: Vec::new(), ratings: Ratings::new() };
    for _ in 0..units {
        let worth = draw.normal(5.5, 1.8);
        let chosen = draw.some_of(habits.len(), each);
        let unit = chosen.into_iter().map(|place| {
            let Habit { bias, scale, noise, is_spam } = habits[place];
            let score = match is_spam {
                true => 1.0 + draw.0.below(10) as f64,
                false => 5.5 + scale * (worth - 5.5) + bias + draw.normal(0.0, noise),
            };
            Rating { reviewer: place as u32, score: score.round().clamp(1.0, 10.0) as u8 }
        });
        let unit: Vec<Rating> = unit.collect();
        world.ratings.push(unit);
        world.worths.push(worth);
    }
    world
}

fn error(world: &World, method: Method) -> f64 {
    let model = Model::fit(&world.ratings, method);
    let found = world.ratings.units().map(|unit| model.consensus(unit).unwrap().score);
    let squares = found.zip(&world.worths).map(|(found, worth)| (found - worth) * (found - worth));
    (squares.sum::<f64>() / world.worths.len() as f64).sqrt()
}

/// Compares the errors of mean, median, normed mean and model with those of the other simulation.
fn check(units: usize, reviewers: usize, spammers: usize, each: usize, expected: [f64; 4]) {
    let methods = [Method::Mean, Method::Median, Method::Normed, Method::Gaussian];
    let mut errors = [0.0; 4];
    for repetition in 0..REPETITIONS {
        let mut draw = Draw(Random::new(repetition, reviewers as u64));
        let mut habits = habits(&mut draw, reviewers);
        habits[..spammers].iter_mut().for_each(|habit| habit.is_spam = true);
        let world = world(&mut draw, units, &habits, each);
        for (error_of, method) in errors.iter_mut().zip(methods) {
            *error_of += error(&world, method) / REPETITIONS as f64;
        }
    }
    for ((found, expected), method) in errors.iter().zip(expected).zip(methods) {
        assert!((found - expected).abs() < 0.12, "{method:?}: {errors:?}, not {expected}");
    }
    let (found, expected) = (errors[3] / errors[0], expected[3] / expected[0]);
    assert!((found - expected).abs() < 0.08, "model to mean: {found}, not {expected}");
}

#[test]
fn many_uneven_reviewers() {
    check(400, 8, 0, 3, [0.957, 1.159, 0.898, 0.751]);
}

#[test]
fn one_of_whom_judges_at_random() {
    check(400, 8, 1, 3, [1.143, 1.243, 1.054, 0.841]);
}

#[test]
fn two_scores_each() {
    check(200, 5, 0, 2, [1.159, 1.159, 1.076, 0.957]);
}

#[test]
fn the_same_three_reviewers() {
    check(100, 3, 0, 3, [0.927, 1.122, 0.937, 0.851]);
}

/// Six careful reviewers, one harsh by two points and one who judges at random: those two are
/// named, and nobody else, in every repetition.
#[test]
fn harsh_and_random_reviewers_are_named() {
    for repetition in 0..REPETITIONS {
        let mut draw = Draw(Random::new(repetition, 99));
        let mut habits = [Habit { bias: 0.0, scale: 1.0, noise: 0.9, is_spam: false }; 8];
        habits[2].bias = -2.0;
        habits[5].is_spam = true;
        let world = world(&mut draw, 400, &habits, 3);
        let report = Report::of(&world.ratings, repetition, 1);
        for (place, reviewer) in report.reviewers.iter().enumerate() {
            let expected = match place {
                2 => vec![Flag::Harsh],
                5 => vec![Flag::Noisy],
                _ => vec![],
            };
            assert_eq!(reviewer.flags, expected, "{repetition}: {place} {reviewer:?}");
        }
    }
}

/// The intervals hold what they should: 95 of 100, give or take what 80 draws leave open.
#[test]
fn intervals_hold_the_truth() {
    let (mut biases, mut noises, mut worths, mut all) = (0, 0, 0.0, 0);
    for repetition in 0..10 {
        let mut draw = Draw(Random::new(repetition, 7));
        let biased = |bias| Habit { bias, scale: 1.0, noise: 1.0, is_spam: false };
        let habits: Vec<Habit> =
            [-1.5, -1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 1.5].into_iter().map(biased).collect();
        let world = world(&mut draw, 300, &habits, 3);
        let report = Report::of(&world.ratings, repetition, 1);
        for (reviewer, habit) in report.reviewers.iter().zip(&habits) {
            let holds = |interval: Option<[f64; 2]>, truth: f64| {
                interval.is_some_and(|[low, high]| low <= truth && truth <= high)
            };
            biases += u32::from(holds(reviewer.bias.interval, habit.bias));
            // Rounding adds a variance of 1/12.
            noises += u32::from(holds(reviewer.noise.interval, (1.0_f64 + 1.0 / 12.0).sqrt()));
            all += 1;
        }
        let model = Model::fit(&world.ratings, Method::Gaussian);
        let held = world.ratings.units().zip(&world.worths).filter(|(unit, worth)| {
            let [low, high] = model.consensus(unit).unwrap().interval.unwrap();
            low <= **worth && **worth <= high
        });
        worths += held.count() as f64 / world.worths.len() as f64 / 10.0;
    }
    let (biases, noises) = (f64::from(biases) / f64::from(all), f64::from(noises) / f64::from(all));
    assert!(biases > 0.88, "biases: {biases}");
    assert!(noises > 0.85, "noises: {noises}");
    assert!((0.90..0.99).contains(&worths), "worths: {worths}");
}
