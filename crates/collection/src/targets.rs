//! Which outputs a bulk act is about, and why others are left out.

use crate::bulk::NewBulk;
use crate::collection::{Collection, JudgedRecord};
use crate::judged::Judged;
use crate::starring::{StarError, input_hash, only_model, output_hash};
use goldstar_catalog::{Output, Record, State};
use goldstar_journal::{Invalid, Seen, Star, Step, Ulid, What};
use std::collections::BTreeMap;

/// How many outputs are left out, by reason.
pub type LeftOut = BTreeMap<&'static str, u64>;

/// A record with what a bulk act does there.
pub(crate) struct Targets {
    pub(crate) record: Record,
    pub(crate) outputs: Vec<Target>,
}

/// An output that a bulk act is about.
pub(crate) enum Target {
    /// It is starred: its place among the record's outputs, and whether that replaces a star.
    Output { at: usize, replaces: bool },
    /// A star of the reviewer is taken back, or gets these tags.
    Star { judged: Judged, tags: Vec<String> },
}

impl NewBulk {
    /// What is meant of a record.
    pub(crate) fn targets(
        &self,
        judged: JudgedRecord,
        tags_most: usize,
        left_out: &mut LeftOut,
    ) -> Result<Targets, Invalid> {
        let JudgedRecord { record, stars } = judged;
        let mine = |judged: &Judged| *judged.star.starred_by == *self.starred_by;
        let stars = stars.into_iter().filter(mine);
        let outputs = match self.what {
            What::Star => match self.output(&record)? {
                Ok(at) => {
                    let output = &record.outputs[at];
                    let replaces = stars.into_iter().any(|judged| is_of(&judged, output));
                    vec![Target::Output { at, replaces }]
                }
                Err(reason) => {
                    *left_out.entry(reason).or_default() += 1;
                    Vec::new()
                }
            },
            _ => {
                let meant = stars.filter(|judged| self.is_of_model(judged));
                let found = meant.filter_map(|judged| match self.new_tags(&judged, tags_most) {
                    Ok(tags) => Some(Target::Star { judged, tags }),
                    Err(reason) => {
                        *left_out.entry(reason).or_default() += 1;
                        None
                    }
                });
                found.collect()
            }
        };
        Ok(Targets { record, outputs })
    }

    /// The output of a record that is to be starred; else why there is none.
    fn output(&self, record: &Record) -> Result<Result<usize, &'static str>, Invalid> {
        let model = match &self.model {
            Some(model) => model.as_str(),
            None if record.outputs.is_empty() => return Ok(Err("no output of this model")),
            None => only_model(record)?,
        };
        let is_meant = |o: &Output| *o.model == *model && o.choice == 0;
        let Some(at) = record.outputs.iter().position(is_meant) else {
            return Ok(Err("no output of this model"));
        };
        Ok(match record.outputs[at].state {
            State::Ok => Ok(at),
            State::Empty => Err("an empty output"),
            State::Error => Err("an error"),
            State::NotText | State::Request => Err("not text"),
        })
    }

    fn is_of_model(&self, judged: &Judged) -> bool {
        self.model.as_ref().is_none_or(|model| judged.model.as_deref() == Some(model))
    }

    /// The tags that a star is to have; else why nothing is done to it.
    fn new_tags(&self, judged: &Judged, tags_most: usize) -> Result<Vec<String>, &'static str> {
        let mut tags: Vec<String> = judged.star.tags.iter().map(|tag| tag.to_string()).collect();
        let had = tags.len();
        match self.what {
            What::Tag => {
                let new: Vec<_> = self.tags.iter().filter(|tag| !tags.contains(tag)).collect();
                tags.extend(new.into_iter().cloned());
                match tags.len() {
                    same if same == had => Err("has the tags already"),
                    many if many > tags_most => Err("would have too many tags"),
                    _ => Ok(tags),
                }
            }
            What::Untag => {
                tags.retain(|tag| !self.tags.contains(tag));
                if tags.len() == had { Err("has none of the tags") } else { Ok(tags) }
            }
            What::Star | What::Unstar => Ok(tags),
        }
    }
}

/// Whether a star of the same reviewer on this output is replaced by a new one.
fn is_of(judged: &Judged, output: &Output) -> bool {
    match &judged.model {
        Some(model) => (model, judged.choice) == (&output.model, output.choice),
        None => judged.star.text_hash == output.hash,
    }
}

impl Collection {
    /// The line for a target, still without an id; none when its text cannot be read.
    pub(crate) fn step(&self, new: &NewBulk, record: &Record, target: &Target) -> Option<Step> {
        match target {
            Target::Output { at, .. } => star(new, record, &record.outputs[*at]).map(Step::Star),
            Target::Star { judged, tags } => {
                let star = self.as_it_stands(judged, Ulid::nil()).ok()?;
                if new.what != What::Unstar {
                    // When it was judged stays: the tags say nothing else of the output.
                    let seen = Seen { reshown: false, ..star.seen };
                    return Some(Step::Star(Star { tags: tags.clone(), seen, ..star }));
                }
                Some(Step::unstar(star, &new.at))
            }
        }
    }

    /// Whether there will be a line for a target.
    pub(crate) fn is_readable(&self, record: &Record, target: &Target) -> bool {
        match target {
            Target::Output { at, .. } => record.outputs[*at].read().is_ok(),
            Target::Star { judged, .. } => self.journal().star(judged.star.place).is_ok(),
        }
    }

    /// The text of a target.
    pub(crate) fn text_of(&self, record: &Record, target: &Target) -> Result<String, StarError> {
        let output = match target {
            Target::Output { at, .. } => record.outputs.get(*at),
            Target::Star { judged, .. } => {
                let model = judged.model.as_deref();
                model.and_then(|model| record.output(model, judged.choice))
            }
        };
        let Some(output) = output else { return Ok(String::new()) };
        Ok(output.read().map_err(|error| StarError::Changed(error.to_string()))?.text)
    }
}

fn star(new: &NewBulk, record: &Record, output: &Output) -> Option<Star> {
    let llm_output = output.read().ok()?.text;
    Some(Star {
        custom_id: record.custom_id.clone(),
        candidate_name: record.name.clone(),
        quality_score: new.quality_score?,
        tags: new.tags.clone(),
        notes: new.notes.clone(),
        starred_by: new.starred_by.clone(),
        starred_at: new.at.clone(),
        model: Some(output.model.to_string()),
        choice: output.choice,
        kind: new.kind,
        accepted: None,
        seen: Seen::default(),
        id: None,
        input_hash: input_hash(record, Some(&output.model)),
        output_hash: Some(output_hash(&llm_output)),
        llm_output,
    })
}
