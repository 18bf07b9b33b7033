//! How far reviewers agree about tags, and agents with people about scores and tags.

use crate::agreement::SEED;
use crate::collection::{Collection, View};
use crate::judged::{Judged, by_output, latest_of_each};
use crate::kept::kept_or;
use goldstar_catalog::map_in_parallel;
use goldstar_insight::{Label, Pair, PairTable, Random, Rating, Ratings};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// So many tags are looked at: those on most outputs. One bit each.
const TAGS_MAX: usize = 40;
/// Resamples behind each interval.
const RESAMPLES: usize = 1000;
/// One more than the greatest score.
const SCORES: usize = 11;
/// What random numbers are drawn for.
const FOR_TAGS: u64 = 4 << 32;
const FOR_AGENTS: u64 = 5 << 32;

/// What the stars of a view's records say about tags and agents.
#[derive(Debug, Clone)]
pub struct Tagging {
    /// Outputs that two or more people judged.
    pub shared: u64,
    /// People in the order of their names; a tag knows them by their place here.
    pub reviewers: Vec<Arc<str>>,
    /// Tags that somebody gave to a shared output, those on most of them first.
    pub tags: Vec<(Arc<str>, Label)>,
    /// Agents in the order of their names.
    pub agents: Vec<AgentAgreement>,
}

/// An agent's suggestions beside what people made of the same outputs.
///
/// Of several people the median score counts, and the tags that most of them gave. Stars by which
/// somebody accepted a suggestion are left out: the agent would be compared with itself.
#[derive(Debug, Clone)]
pub struct AgentAgreement {
    /// Who.
    pub agent: Arc<str>,
    /// Outputs with a suggestion.
    pub suggested: u64,
    /// Those of which a person accepted it.
    pub accepted: u64,
    /// Scores: the agent's is the first of the pair.
    pub scores: Pair,
    /// Tags that either of them gave, those on most outputs first.
    pub tags: Vec<(Arc<str>, TagPair)>,
}

/// A tag, by an agent and by people.
#[derive(Debug, Clone)]
pub struct TagPair {
    /// Outputs to which both gave it.
    pub both: u64,
    /// Outputs to which only the agent gave it.
    pub agent: u64,
    /// Outputs to which only people gave it.
    pub people: u64,
    /// The agreement in numbers; the agent is the first of the pair.
    pub pair: Pair,
}

/// Names a report: the view and the stars.
pub(crate) type TaggingKey = (String, u64);

impl Collection {
    /// What the stars of a view's records say about tags and agents. Kept until a star comes.
    pub fn tagging(&self, view: &View) -> Arc<Tagging> {
        let key = (view.name.clone(), self.journal().revision());
        let make = || Arc::new(self.new_tagging(view));
        kept_or(&self.taggings, key, make, |tagging| tagging.bytes())
    }

    fn new_tagging(&self, view: &View) -> Tagging {
        let standing = self.standing_of(&view.snapshot, &view.sight);
        let rows = view.rows.as_set(view.snapshot.row_count());
        let given: BTreeMap<u32, &[Judged]> = standing.among(rows.as_deref()).collect();
        let people = People::of(given.values().copied());
        let mut agents: BTreeMap<Arc<str>, Agent> = BTreeMap::new();
        for (row, suggested) in standing.suggested_among(rows.as_deref()) {
            let given = given.get(&row).copied().unwrap_or_default();
            for judged in suggested {
                let agent = agents.entry(judged.star.starred_by.clone()).or_default();
                agent.add(judged, given);
            }
        }
        // Nobody waits for these numbers with a star.
        drop(given);
        drop(standing);
        let shared = people.units.len() as u64;
        let agents = agents.into_iter().map(|(name, agent)| agent.agreement(name)).collect();
        Tagging { shared, tags: people.tags(self.threads), reviewers: people.reviewers, agents }
    }
}

impl Tagging {
    /// Bytes that it takes to keep it, roughly.
    fn bytes(&self) -> usize {
        self.tags.len() * (self.reviewers.len() + 4) * 64 + self.agents.len() * TAGS_MAX * 512
    }
}

/// The shared outputs: who judged each, and with which of the tags.
struct People {
    reviewers: Vec<Arc<str>>,
    names: Vec<Arc<str>>,
    units: Vec<Vec<(u32, u64)>>,
}

impl People {
    fn of<'s>(records: impl Iterator<Item = &'s [Judged]>) -> Self {
        let shared: Vec<Vec<&Judged>> = records
            .flat_map(by_output)
            .map(latest_of_each)
            .filter(|stars| stars.len() > 1)
            .collect();
        let mut used: HashMap<&Arc<str>, u64> = HashMap::new();
        let mut numbers: BTreeMap<&Arc<str>, u32> = BTreeMap::new();
        for stars in &shared {
            stars.iter().for_each(|judged| _ = numbers.insert(&judged.star.starred_by, 0));
            once(stars.iter().flat_map(|judged| judged.star.tags.iter()))
                .for_each(|tag| *used.entry(tag).or_default() += 1);
        }
        (0..).zip(numbers.values_mut()).for_each(|(number, place)| *place = number);
        let names = most_used(used);
        let bits: HashMap<&Arc<str>, u64> = names.iter().zip((0..).map(|at| 1 << at)).collect();
        let mask = |judged: &Judged| -> u64 {
            judged.star.tags.iter().filter_map(|tag| bits.get(tag)).fold(0, |mask, bit| mask | bit)
        };
        let unit = |stars: &Vec<&Judged>| {
            stars.iter().map(|judged| (numbers[&judged.star.starred_by], mask(judged))).collect()
        };
        Self {
            units: shared.iter().map(unit).collect(),
            reviewers: numbers.into_keys().cloned().collect(),
            names: names.clone(),
        }
    }

    /// Each tag by itself, on as many threads as there are.
    fn tags(&self, threads: usize) -> Vec<(Arc<str>, Label)> {
        let label = |(at, name): (usize, &Arc<str>)| {
            let units = self.units.iter().map(|unit| {
                unit.iter().map(move |(reviewer, mask)| Rating {
                    reviewer: *reviewer,
                    score: (mask >> at & 1) as u8,
                })
            });
            let ratings: Ratings = units.collect();
            let random = Random::new(SEED, FOR_TAGS | at as u64);
            (name.clone(), Label::of(&ratings, RESAMPLES, random))
        };
        let tags: Vec<(usize, &Arc<str>)> = self.names.iter().enumerate().collect();
        map_in_parallel(&tags, threads, |tag| label(*tag))
    }
}

/// An agent's suggestions so far.
struct Agent {
    suggested: u64,
    accepted: u64,
    scores: PairTable,
    judged: Vec<[Vec<Arc<str>>; 2]>,
}

impl Default for Agent {
    fn default() -> Self {
        let scores = PairTable::new(SCORES);
        Self { suggested: 0, accepted: 0, scores, judged: Vec::new() }
    }
}

impl Agent {
    /// Counts a suggestion beside the stars that people gave the record.
    fn add(&mut self, suggestion: &Judged, given: &[Judged]) {
        self.suggested += 1;
        let outputs = by_output(given);
        let stars = outputs.into_iter().find(|stars| suggestion.is_of_the_same_output(stars[0]));
        let mut stars = latest_of_each(stars.unwrap_or_default());
        let before = stars.len();
        stars.retain(|judged| judged.star.accepted.is_none());
        self.accepted += u64::from(stars.len() < before);
        let mut scores: Vec<u8> = stars.iter().map(|judged| judged.star.quality_score).collect();
        scores.sort_unstable();
        // The lower of two in the middle: a score that somebody gave.
        let Some(median) = scores.get((scores.len().max(1) - 1) / 2) else { return };
        self.scores.add(suggestion.star.quality_score, *median);
        let all = stars.iter().flat_map(|judged| judged.star.tags.iter());
        let by_most = |tag: &&Arc<str>| {
            let with = stars.iter().filter(|judged| judged.star.tags.contains(*tag)).count();
            2 * with > stars.len()
        };
        let people = once(all).filter(by_most).cloned().collect();
        self.judged.push([once(suggestion.star.tags.iter()).cloned().collect(), people]);
    }

    fn agreement(self, agent: Arc<str>) -> AgentAgreement {
        let mut used: HashMap<&Arc<str>, u64> = HashMap::new();
        for [agent, people] in &self.judged {
            once(agent.iter().chain(people)).for_each(|tag| *used.entry(tag).or_default() += 1);
        }
        let names = most_used(used);
        let random = |purpose: u64| Random::new(SEED ^ FOR_AGENTS, purpose);
        let tags = (1..).zip(&names).map(|(at, tag)| {
            let mut table = PairTable::new(2);
            let [mut both, mut by_agent, mut by_people] = [0; 3];
            for [agent, people] in &self.judged {
                let [a, b] = [agent.contains(tag), people.contains(tag)];
                table.add(a.into(), b.into());
                both += u64::from(a && b);
                by_agent += u64::from(a && !b);
                by_people += u64::from(!a && b);
            }
            let pair = table.pair(RESAMPLES, random(at));
            (tag.clone(), TagPair { both, agent: by_agent, people: by_people, pair })
        });
        AgentAgreement {
            tags: tags.collect(),
            agent,
            suggested: self.suggested,
            accepted: self.accepted,
            scores: self.scores.pair(RESAMPLES, random(0)),
        }
    }
}

/// Each tag once.
fn once<'t>(tags: impl Iterator<Item = &'t Arc<str>>) -> impl Iterator<Item = &'t Arc<str>> {
    let mut tags: Vec<&Arc<str>> = tags.collect();
    tags.sort_unstable();
    tags.dedup();
    tags.into_iter()
}

/// The tags on most outputs; of equals the first by name.
fn most_used(used: HashMap<&Arc<str>, u64>) -> Vec<Arc<str>> {
    let mut used: Vec<(&Arc<str>, u64)> = used.into_iter().collect();
    used.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
    used.truncate(TAGS_MAX);
    used.into_iter().map(|(tag, _)| tag.clone()).collect()
}
