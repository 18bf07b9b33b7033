//! Acts of several reviewers, taken back and done again in any order, against a model that keeps a
//! pile of what was said for each output.

use crate::open;
use goldstar_disk::RealDisk;
use goldstar_journal::{
    AppendError, Journal, Kind, NewAct, NewReversal, Reversal, ReverseError, Score, Seen, Star,
    State, Step, Ulid, What,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

const REVIEWERS: usize = 2;
const RECORDS: usize = 2;
const MODELS: usize = 2;

/// A reviewer, a record and a model, by number.
type Output = (usize, usize, usize);
/// Score, tags, notes and time.
type Said = (u8, Vec<String>, String, String);

#[derive(Debug, Clone)]
enum Asked {
    Star(Output, u8),
    /// All stars of a reviewer on a record.
    Unstar(usize, usize),
    Bulk(usize, BTreeSet<(usize, usize)>, u8),
    GivenUp(usize, BTreeSet<(usize, usize)>),
    Undo(usize, Option<usize>),
    Redo(usize, Option<usize>),
    Reopen,
}

fn asked() -> impl Strategy<Value = Asked> {
    // Mostly the same few, so that they get into each other's way.
    let number = |below: usize| prop_oneof![3 => Just(0), 1 => 0..below];
    let by = move || number(REVIEWERS);
    let output = move || (by(), number(RECORDS), number(MODELS));
    let some = || prop::collection::btree_set((0..RECORDS, 0..MODELS), 1..4);
    let which = || prop::option::weighted(0.5, 0..40_usize);
    prop_oneof![
        4 => (output(), 1..=10_u8).prop_map(|(output, score)| Asked::Star(output, score)),
        2 => (by(), 0..RECORDS).prop_map(|(by, record)| Asked::Unstar(by, record)),
        2 => (by(), some(), 1..=10_u8).prop_map(|(by, of, s)| Asked::Bulk(by, of, s)),
        1 => (by(), some()).prop_map(|(by, of)| Asked::GivenUp(by, of)),
        5 => (by(), which()).prop_map(|(by, which)| Asked::Undo(by, which)),
        4 => (by(), which()).prop_map(|(by, which)| Asked::Redo(by, which)),
        1 => Just(Asked::Reopen),
    ]
}

/// One act of the model: its outputs, and the pile of each as it was before.
#[derive(Debug, Clone)]
struct Past {
    id: Ulid,
    by: usize,
    piles: BTreeMap<Output, Vec<(Ulid, Option<Said>)>>,
    said: BTreeMap<Output, Option<Said>>,
    /// When it was taken back, if it was.
    undone: Option<u64>,
}

/// What is true, by the simplest means.
#[derive(Debug, Default)]
struct Model {
    piles: BTreeMap<Output, Vec<(Ulid, Option<Said>)>>,
    acts: Vec<Past>,
    clock: u64,
}

impl Model {
    fn act(&mut self, id: Ulid, by: usize, said: BTreeMap<Output, Option<Said>>) {
        self.acts.retain(|past| past.by != by || past.undone.is_none());
        let mut piles = BTreeMap::new();
        for (output, said) in &said {
            let pile = self.piles.entry(*output).or_default();
            piles.insert(*output, pile.clone());
            pile.push((id, said.clone()));
        }
        self.acts.push(Past { id, by, piles, said, undone: None });
    }

    /// The act that is meant, and whether it can be taken back.
    fn undo(&mut self, by: usize, which: Option<Ulid>) -> Option<Result<Ulid, ()>> {
        let meant = |past: &&mut Past| {
            past.by == by && past.undone.is_none() && which.is_none_or(|id| id == past.id)
        };
        let past = self.acts.iter_mut().rev().find(meant)?;
        let on_top = |output| self.piles[output].last().is_some_and(|(id, _)| *id == past.id);
        if !past.said.keys().all(on_top) {
            return Some(Err(()));
        }
        for output in past.said.keys() {
            self.piles.get_mut(output).unwrap().pop();
        }
        self.clock += 1;
        past.undone = Some(self.clock);
        Some(Ok(past.id))
    }

    fn redo(&mut self, by: usize, which: Option<Ulid>) -> Option<Result<Ulid, ()>> {
        let meant = |past: &&mut Past| {
            past.by == by && past.undone.is_some() && which.is_none_or(|id| id == past.id)
        };
        let past = self.acts.iter_mut().filter(meant).max_by_key(|past| past.undone)?;
        if !past.piles.iter().all(|(output, pile)| self.piles[output] == *pile) {
            return Some(Err(()));
        }
        for (output, said) in &past.said {
            self.piles.get_mut(output).unwrap().push((past.id, said.clone()));
        }
        past.undone = None;
        Some(Ok(past.id))
    }

    /// One of a reviewer's acts.
    fn nth(&self, by: usize, n: usize) -> Option<Ulid> {
        let acts: Vec<_> = self.acts.iter().filter(|past| past.by == by).collect();
        Some(acts.get(n % acts.len().max(1))?.id)
    }

    fn stars(&self) -> BTreeMap<Output, Said> {
        let top = |(output, pile): (&Output, &Vec<(Ulid, Option<Said>)>)| {
            Some((*output, pile.last()?.1.clone()?))
        };
        self.piles.iter().filter_map(top).collect()
    }
}

fn number(text: &str) -> usize {
    text[1..].parse().unwrap()
}

fn found(state: &State) -> BTreeMap<Output, Said> {
    let said = |entry: &goldstar_journal::Entry| {
        let tags = entry.tags.iter().map(|tag| tag.to_string()).collect();
        (entry.quality_score, tags, entry.notes.to_string(), entry.starred_at.to_string())
    };
    let all = state.all();
    assert_eq!(all.len() as u64, state.stars());
    assert_eq!(state.scores().iter().sum::<u64>(), state.stars());
    let output = |entry: &goldstar_journal::Entry| {
        let model = number(entry.model.as_deref().unwrap());
        (number(&entry.starred_by), number(&entry.custom_id), model)
    };
    let stars: BTreeMap<_, _> = all.iter().map(|entry| (output(entry), said(entry))).collect();
    assert_eq!(stars.len(), all.len(), "two stars on one output");
    stars
}

/// A journal, its model, and the source of ids and times.
struct Both<'f> {
    path: &'f Path,
    journals: [Journal; 2],
    model: Model,
    next: u128,
}

impl Both<'_> {
    fn id(&mut self) -> Ulid {
        self.next += 1;
        Ulid::from(self.next)
    }

    fn journal(&self) -> &Journal {
        let journal = &self.journals[(self.next % 2) as usize];
        journal.follow().unwrap();
        journal
    }

    fn star(&mut self, (by, record, model): Output, score: u8) -> (Star, Said) {
        let id = self.id();
        let star = Star {
            custom_id: format!("q{record}"),
            candidate_name: String::new(),
            llm_output: format!("text {record} {model}"),
            quality_score: Score::new(score.into()).unwrap(),
            tags: vec![format!("t{score}")],
            notes: format!("note {}", self.next),
            starred_by: format!("r{by}"),
            starred_at: format!("2026-11-22T10:{:02}:00Z", self.next % 60),
            model: Some(format!("m{model}")),
            choice: 0,
            kind: Kind::Human,
            accepted: None,
            seen: Seen::default(),
            id: Some(id),
            input_hash: None,
            output_hash: None,
        };
        let said = (score, star.tags.clone(), star.notes.clone(), star.starred_at.clone());
        (star, said)
    }

    fn header(&mut self, by: usize, what: What, is_bulk: bool) -> NewAct {
        let (id, starred_by) = (self.id(), format!("r{by}"));
        let at = "2026-11-22T11:00:00Z".to_owned();
        NewAct { id, what, starred_by, at, is_bulk, reversal: None }
    }

    fn write(&mut self, header: NewAct, steps: Vec<Step>, closes: bool) {
        let (left, end) = (self.id(), self.id());
        let mut writing = self.journal().begin(header, left).unwrap();
        for step in steps {
            writing.push(step).unwrap();
            writing.flush().unwrap();
        }
        match closes {
            true => writing.close(end, Arc::new(|_| Ok(()))).unwrap(),
            false => writing.cancel(end).unwrap(),
        }
    }

    fn ask(&mut self, asked: Asked) {
        match asked {
            Asked::Star(output, score) => {
                let (star, said) = self.star(output, score);
                let id = star.id.unwrap();
                self.journal().append(&[Step::Star(star)]).unwrap();
                self.model.act(id, output.0, BTreeMap::from([(output, Some(said))]));
            }
            Asked::Unstar(by, record) => {
                let standing = self.model.stars().into_keys();
                let meant: Vec<_> = standing.filter(|o| (o.0, o.1) == (by, record)).collect();
                if meant.is_empty() {
                    return;
                }
                let steps: Vec<Step> =
                    meant.iter().map(|output| Step::Unstar(self.star(*output, 1).0)).collect();
                let header = self.header(by, What::Unstar, false);
                let id = header.id;
                self.write(header, steps, true);
                self.model.act(id, by, meant.into_iter().map(|output| (output, None)).collect());
            }
            Asked::Bulk(by, of, score) => {
                let mut said = BTreeMap::new();
                let mut steps = Vec::new();
                for (record, model) in of {
                    let (star, new) = self.star((by, record, model), score);
                    said.insert((by, record, model), Some(new));
                    steps.push(Step::Star(star));
                }
                let header = self.header(by, What::Star, true);
                let id = header.id;
                self.write(header, steps, true);
                self.model.act(id, by, said);
            }
            Asked::GivenUp(by, of) => {
                let of = of.into_iter().map(|(record, model)| (by, record, model));
                let steps = of.map(|output| Step::Star(self.star(output, 5).0)).collect();
                let header = self.header(by, What::Star, true);
                self.write(header, steps, false);
            }
            Asked::Undo(by, which) => {
                let which = which.and_then(|n| self.model.nth(by, n));
                let expected = self.model.undo(by, which);
                let target =
                    which.or_else(|| Some(self.journal().state().to_undo(&format!("r{by}"))?.id));
                self.reverse(by, target.map(Reversal::Undoes), expected);
            }
            Asked::Redo(by, which) => {
                let which = which.and_then(|n| self.model.nth(by, n));
                let expected = self.model.redo(by, which);
                let target =
                    which.or_else(|| Some(self.journal().state().to_redo(&format!("r{by}"))?.id));
                self.reverse(by, target.map(Reversal::Redoes), expected);
            }
            Asked::Reopen => {
                self.journals = [open(self.path, RealDisk), open(self.path, RealDisk)];
            }
        }
    }

    fn reverse(&mut self, by: usize, of: Option<Reversal>, expected: Option<Result<Ulid, ()>>) {
        let Some(of) = of else { return assert_eq!(expected, None) };
        let new = NewReversal {
            starred_by: format!("r{by}"),
            of,
            id: self.id(),
            at: "2026-11-22T12:00:00Z".into(),
        };
        let mut next = self.next + 1000;
        let new_id = || {
            next += 1;
            Ulid::from(next)
        };
        let bytes = std::fs::read(self.path).unwrap_or_default();
        let done = self.journal().reverse(&new, new_id);
        match (&done, &expected) {
            (Ok(act), Some(Ok(id))) => {
                assert_eq!(act.id, *id);
                let again = self.journal().reverse(&new, || unreachable!()).unwrap();
                assert_eq!(again.id, *id, "the same id twice is one undo");
            }
            (Err(ReverseError::Irreversible(_)), None | Some(Err(()))) => {
                assert_eq!(std::fs::read(self.path).unwrap_or_default(), bytes, "nothing written");
            }
            _ => panic!("{done:?}, expected {expected:?}"),
        }
        self.next += 2000;
    }

    fn compare(&self) {
        let state = self.journal().state();
        assert_eq!(found(&state), self.model.stars());
        assert_eq!(state.blemishes(), []);
        for by in 0..REVIEWERS {
            let by_name = format!("r{by}");
            let acts = state.acts(&by_name).map(|(act, is_undone)| (act.id, is_undone));
            let mine = self.model.acts.iter().rev().filter(|past| past.by == by);
            let expected: Vec<_> = mine.map(|past| (past.id, past.undone.is_some())).collect();
            assert_eq!(acts.collect::<Vec<_>>(), expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn what_is_taken_back_is_as_it_was(all in prop::collection::vec(asked(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("starred.jsonl");
        let journals = [open(&path, RealDisk), open(&path, RealDisk)];
        let mut both = Both { path: &path, journals, model: Model::default(), next: 0 };
        for one in all {
            both.ask(one);
            both.compare();
        }
        both.ask(Asked::Reopen);
        both.compare();
    }
}

fn one_star(n: u128, record: &str, by: &str, score: i64) -> Star {
    let Step::Star(star) = crate::star(n) else { unreachable!() };
    let quality_score = Score::new(score).unwrap();
    Star { custom_id: record.into(), starred_by: by.into(), quality_score, ..star }
}

fn undo_of(id: Ulid, with: u128) -> NewReversal {
    let of = Reversal::Undoes(id);
    NewReversal { starred_by: "ann".into(), of, id: Ulid::from(with), at: "now".into() }
}

#[test]
fn an_act_that_another_program_wrote_first_is_not_taken_for_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let one = open(&path, RealDisk);
    let stars = [5, 7].map(|score| Step::Star(one_star(score, "q", "ann", score as i64)));
    stars.iter().for_each(|star| assert!(one.append(std::slice::from_ref(star)).is_ok()));
    let two = open(&path, RealDisk);
    let newest = |journal: &Journal| journal.state().to_undo("ann").unwrap().id;
    one.reverse(&undo_of(newest(&one), 999), || Ulid::from(1000_u128)).unwrap();
    let same = undo_of(newest(&two), 999);
    let error = two.reverse(&same, || Ulid::from(1001_u128)).unwrap_err();
    assert!(error.to_string().contains("by another program a moment ago"), "{error}");
    assert!(two.reverse(&same, || Ulid::from(1002_u128)).is_ok(), "what became of it");
}

#[test]
fn only_the_last_two_hundred_acts_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder.path().join("starred.jsonl"), RealDisk);
    let stars = (0..205).map(|n| Step::Star(one_star(n, &format!("q{n}"), "ann", 5)));
    journal.append(&stars.collect::<Vec<_>>()).unwrap();
    let ids: Vec<Ulid> = journal.state().acts("ann").map(|(act, _)| act.id).collect();
    assert_eq!((ids.len(), ids[0], ids[199]), (200, Ulid::from(205), Ulid::from(6)));
    let error = journal.reverse(&undo_of(Ulid::from(5), 999), || Ulid::from(1000)).unwrap_err();
    assert_eq!(error.to_string(), format!("ann has no act {} to be taken back", Ulid::from(5)));
}

#[test]
fn two_undos_at_once_take_back_one_act_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, RealDisk);
    journal.append(&[Step::Star(one_star(1, "q", "ann", 5))]).unwrap();
    let done: Vec<bool> = std::thread::scope(|scope| {
        let undo = |n: u128| {
            let journal = &journal;
            scope.spawn(move || {
                journal.reverse(&undo_of(Ulid::from(2), n), || Ulid::from(n + 100)).is_ok()
            })
        };
        let threads: Vec<_> = (10..26).map(undo).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
}

#[test]
fn an_undo_that_does_not_fit_is_an_act_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, RealDisk);
    journal.append(&[Step::Star(one_star(1, "q", "ann", 5))]).unwrap();
    let mut line = one_star(2, "q", "ann", 7);
    line.notes = "by hand".into();
    journal.append(&[Step::Star(line)]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let undoes = format!("\"undoes\":\"{}\"}}\n", Ulid::from(2));
    let edited = text.trim_end().trim_end_matches('}').to_owned() + "," + &undoes;
    let other = folder.path().join("other.jsonl");
    goldstar_disk::Disk::replace(&RealDisk, &other, &mut |f| f.write_all(edited.as_bytes()))
        .unwrap();
    let journal = open(&other, RealDisk);
    assert_eq!(journal.state().scores()[6], 1);
    let acts: Vec<bool> = journal.state().acts("ann").map(|(_, is_undone)| is_undone).collect();
    assert_eq!(acts, [false, false]);
}

#[test]
fn an_act_that_is_refused_at_the_end_never_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, RealDisk);
    let header = NewAct {
        id: Ulid::from(500),
        what: What::Star,
        starred_by: "ann".into(),
        at: "2026-11-22T11:00:00Z".into(),
        is_bulk: true,
        reversal: None,
    };
    let mut writing = journal.begin(header.clone(), Ulid::from(501)).unwrap();
    writing.push(Step::Star(one_star(1, "q", "ann", 5))).unwrap();
    writing.flush().unwrap();
    let refused = writing.close(Ulid::from(502), Arc::new(|_| Err("no".into())));
    assert!(matches!(refused, Err(AppendError::Refused(why)) if why == "no"));
    let journal = open(&path, RealDisk);
    assert_eq!((journal.state().stars(), journal.blemishes()), (0, vec![]));
    // The same act may be tried again.
    let mut writing = journal.begin(header, Ulid::from(503)).unwrap();
    writing.push(Step::Star(one_star(2, "q", "ann", 6))).unwrap();
    writing.close(Ulid::from(504), Arc::new(|_| Ok(()))).unwrap();
    assert_eq!(journal.state().scores()[5], 1);
}
