//! What can be computed from judgments: agreement, bias and noise of reviewers, consensus.
//!
//! Pure functions of numbers: nothing here knows stars, models or files. The same input gives the
//! same output on every machine: chance comes from a seed, and what depends on it is made of
//! additions, multiplications, divisions and square roots only, which IEEE 754 fixes to the last
//! bit.

mod alpha;
mod bias;
mod consensus;
mod dawid_skene;
mod fleiss;
mod gaussian;
mod icc;
mod labels;
mod pair;
mod ratings;
mod report;
mod resample;
mod reviewers;
mod spread;

pub use alpha::{Alphas, Coincidences, Metric, alphas};
pub use bias::{Bias, PLACES_MAX, Sway, Swayed};
pub use consensus::{Consensus, Method, Model};
pub use dawid_skene::DawidSkene;
pub use fleiss::fleiss_kappa;
pub use gaussian::Gaussian;
pub use icc::{Icc, Table};
pub use labels::{Label, Labeller};
pub use pair::{Pair, PairTable};
pub use ratings::{Rating, Ratings};
pub use report::{PAIRED_MAX, Report};
pub use resample::{Measured, Random};
pub use reviewers::{Flag, Tendency};
pub use spread::{Spread, Spreads};
