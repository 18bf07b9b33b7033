//! The one way to star: what is meant is asked of the catalog, what is said goes into the journal.

use crate::collection::Collection;
use crate::judged::{Judged, judge};
use goldstar_catalog::{Output, Record, hash_of_prompt, hash_of_text, split_reasoning};
use goldstar_journal::{
    Act, AppendError, Appended, Check, Invalid, Kind, NewAct, Outcome, Score, Seen, Star, Step,
    Ulid, What,
};
use std::sync::Arc;

/// A star to be given. What is absent is taken from the catalog.
#[derive(Debug, Clone)]
pub struct NewStar {
    /// The record.
    pub custom_id: String,
    /// What it is called.
    pub candidate_name: Option<String>,
    /// The text that is judged.
    pub llm_output: Option<String>,
    /// How good it is.
    pub quality_score: Score,
    /// Tags.
    pub tags: Vec<String>,
    /// Notes.
    pub notes: String,
    /// The model whose output is judged.
    pub model: Option<String>,
    /// The choice.
    pub choice: Option<u16>,
    /// Who judges.
    pub starred_by: String,
    /// A person or an agent.
    pub kind: Kind,
    /// The agent's star that a person makes their own by this one.
    pub accepted: Option<Ulid>,
    /// How the output stood before the reviewer.
    pub seen: Seen,
    /// The idempotency key: the same twice is one star.
    pub id: Ulid,
    /// When: RFC 3339, UTC.
    pub starred_at: String,
}

/// Which stars are to be taken back.
#[derive(Debug, Clone)]
pub struct Unstar {
    /// The record.
    pub custom_id: String,
    /// Only of this model.
    pub model: Option<String>,
    /// Only of this choice.
    pub choice: Option<u16>,
    /// Whose.
    pub starred_by: String,
    /// A person or an agent.
    pub kind: Kind,
    /// The idempotency key: the same twice takes back once.
    pub id: Ulid,
    /// When: RFC 3339, UTC.
    pub at: String,
}

/// A star that could not be given or taken back.
#[derive(Debug, thiserror::Error)]
pub enum StarError {
    /// A value is not allowed.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// What is meant is not there.
    #[error("{0}")]
    NotFound(String),
    /// What is meant is not there yet: not all batches are indexed.
    #[error("{0}")]
    NotYet(String),
    /// Something is not what it was when it was looked at.
    #[error("{0}")]
    Changed(String),
    /// The journal could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl Collection {
    /// Stars an output; returns when the star is on the disk. A star whose id is in the journal
    /// already is answered with what was written then.
    pub fn star(&self, new: NewStar) -> Result<Star, StarError> {
        let step = [Step::Star(self.to_append(new)?)];
        let check = check_of(step[0].star());
        let outcome = self.journal().append_if(&step, check);
        let [step] = step;
        self.starred(step.into_star(), outcome)
    }

    /// As [`Collection::star`], but returns before the star is on the disk: `done` is told then, by
    /// the thread that writes, which must not be kept waiting.
    pub fn star_then(
        self: &Arc<Self>,
        new: NewStar,
        done: impl FnOnce(Result<Star, StarError>) + Send + 'static,
    ) {
        let star = match self.to_append(new) {
            Ok(star) => star,
            Err(error) => return done(Err(error)),
        };
        let (collection, check) = (self.clone(), check_of(&star));
        self.journal().append_then(Step::Star(star), check, move |step, outcome| {
            done(collection.starred(step.into_star(), outcome));
        });
    }

    /// A star as it stands in the journal.
    fn starred(&self, star: Star, outcome: Outcome) -> Result<Star, StarError> {
        if outcome? == Appended::New {
            return Ok(star);
        }
        // Somebody may have written the same id first.
        let known = star.id.map(|id| self.star_with_id(id)).transpose()?;
        match known.flatten() {
            Some(known) if known.starred_by != star.starred_by => Err(id_taken()),
            known => Ok(known.unwrap_or(star)),
        }
    }

    /// A star whose id is in the journal is appended as it was: to be synced.
    fn to_append(&self, new: NewStar) -> Result<Star, StarError> {
        match self.star_with_id(new.id)? {
            Some(known) if *known.starred_by != *new.starred_by.trim() => Err(id_taken()),
            Some(known) => Ok(known),
            None => self.fill(new),
        }
    }

    /// Takes stars back, in one act; returns how many. `new_id` makes a new idempotency key.
    pub fn unstar(
        &self,
        which: &Unstar,
        mut new_id: impl FnMut() -> Ulid,
    ) -> Result<usize, StarError> {
        let starred_by = &which.starred_by;
        let is_unstar = |act: &Act| act.what == What::Unstar;
        if let Some(known) = self.act_with(which.id, starred_by, is_unstar)? {
            return Ok(known.turns.len());
        }
        self.name_of_its_own(which.kind, starred_by)?;
        let is_complete = self.is_complete();
        let found: Vec<Judged> = self.judged(&which.custom_id);
        let meant = found.iter().filter(|judged| {
            *judged.star.starred_by == **starred_by
                && which.model.as_ref().is_none_or(|model| judged.model.as_deref() == Some(model))
                && which.choice.is_none_or(|choice| judged.choice == choice)
        });
        let mut steps = Vec::new();
        for judged in meant {
            let star = self.as_it_stands(judged, new_id())?;
            steps.push(Step::unstar(star, &which.at));
        }
        if steps.is_empty() {
            let model = which.model.as_ref().map(|model| format!(" of model {model}"));
            let model = model.unwrap_or_default();
            let what = format!("{starred_by} has no star on {}{model}", which.custom_id);
            return Err(self.absent(is_complete, what));
        }
        let count = steps.len();
        let act = NewAct {
            id: which.id,
            what: What::Unstar,
            starred_by: starred_by.clone(),
            at: which.at.clone(),
            is_bulk: false,
            reversal: None,
        };
        let mut writing = self.journal().begin(act, new_id())?;
        for step in steps {
            writing.push(step)?;
        }
        writing.close(new_id(), its_own(which.kind, starred_by))?;
        Ok(count)
    }

    /// The act of this reviewer that has the id already, if it is the one that is meant.
    pub(crate) fn act_with(
        &self,
        id: Ulid,
        starred_by: &str,
        is_meant: impl Fn(&Act) -> bool,
    ) -> Result<Option<Arc<Act>>, StarError> {
        let state = self.journal().state();
        if state.line_of(id).is_none() {
            return Ok(None);
        }
        let mut acts = state.acts(starred_by).map(|(act, _)| act);
        let known = acts.find(|act| act.id == id && is_meant(act));
        known.cloned().map(Some).ok_or_else(id_taken)
    }

    /// A star with its text, as it stands in the fold.
    pub(crate) fn as_it_stands(&self, judged: &Judged, id: Ulid) -> Result<Star, StarError> {
        let entry = &judged.star;
        let star = self.journal().star_of(entry).map_err(|error| {
            let of = &entry.custom_id;
            StarError::NotFound(format!("the star of {of} cannot be read: {error}"))
        })?;
        Ok(Star { id: Some(id), ..star })
    }

    /// Refuses an agent that comes under the name of a person: its word would take the place of
    /// theirs.
    pub fn name_of_its_own(&self, kind: Kind, name: &str) -> Result<(), Invalid> {
        match kind == Kind::Agent && self.journal().state().is_person(name) {
            true => Err(Invalid { field: "starred_by", detail: of_person(name) }),
            false => Ok(()),
        }
    }

    /// The current stars of a record, put to its outputs.
    pub fn judged(&self, custom_id: &str) -> Vec<Judged> {
        let record = self.catalog().record(custom_id);
        let stars = self.journal().state().of_record(custom_id).to_vec();
        judge(record.as_ref(), &stars, self.is_complete())
    }

    fn star_with_id(&self, id: Ulid) -> Result<Option<Star>, StarError> {
        let Some(place) = self.journal().state().line_of(id) else { return Ok(None) };
        match self.journal().star(place) {
            Ok((star, false)) => Ok(Some(star)),
            _ => Err(id_taken()),
        }
    }

    fn fill(&self, new: NewStar) -> Result<Star, StarError> {
        let limits = self.settings().limits.star;
        let custom_id = limits.checked_id(&new.custom_id)?;
        let starred_by = limits.checked_name("starred_by", &new.starred_by)?;
        self.name_of_its_own(new.kind, &starred_by)?;
        let is_complete = self.is_complete();
        let record = self.catalog().record(&custom_id);
        let (output, model) = match &record {
            Some(record) => self.meant(record, &new, is_complete)?,
            None if new.llm_output.is_some() => (None, new.model.clone()),
            None => return Err(self.absent(is_complete, no_record(&custom_id))),
        };
        let llm_output = match (&new.llm_output, output) {
            (Some(text), _) => text.clone(),
            (None, Some(output)) => {
                output.read().map_err(|error| StarError::Changed(error.to_string()))?.text
            }
            (None, None) => {
                let detail = "is needed: no output of this record is meant".into();
                return Err(Invalid { field: "llm_output", detail }.into());
            }
        };
        let candidate_name = new.candidate_name.filter(|name| !name.trim().is_empty());
        let known = record.as_ref().map(|record| record.name.clone());
        let model = model.map(|model| limits.checked_name("model", &model)).transpose()?;
        let choice = output.map_or(new.choice.unwrap_or(0), |output| output.choice);
        let accepted = new.accepted.map(|id| self.accepted(id, &custom_id, &model, choice));
        Ok(Star {
            candidate_name: candidate_name.or(known).unwrap_or_default(),
            quality_score: new.quality_score,
            tags: limits.checked_tags(&new.tags)?,
            notes: limits.checked_notes(&new.notes)?,
            starred_by,
            starred_at: new.starred_at,
            choice,
            kind: new.kind,
            accepted: accepted.transpose()?,
            seen: new.seen,
            id: Some(new.id),
            input_hash: record.as_ref().and_then(|record| input_hash(record, model.as_deref())),
            output_hash: Some(output_hash(&llm_output)),
            custom_id,
            llm_output,
            model,
        })
    }

    /// The id of an agent's star of this output, current or not; no other can be accepted.
    fn accepted(
        &self,
        id: Ulid,
        custom_id: &str,
        model: &Option<String>,
        choice: u16,
    ) -> Result<Ulid, Invalid> {
        let place = self.journal().state().line_of(id);
        let known = place.and_then(|place| self.journal().star(place).ok());
        let is_meant = |star: &Star| {
            (&*star.custom_id, &star.model, star.choice) == (custom_id, model, choice)
        };
        match known {
            Some((star, false)) if star.kind == Kind::Agent && is_meant(&star) => Ok(id),
            _ => {
                let detail = "must be the id of an agent's star of this output".into();
                Err(Invalid { field: "accepted", detail })
            }
        }
    }

    /// The output that is meant, and its model.
    fn meant<'r>(
        &self,
        record: &'r Record,
        new: &NewStar,
        is_complete: bool,
    ) -> Result<(Option<&'r Output>, Option<String>), StarError> {
        if let Some(model) = &new.model {
            let output = record.output(model, new.choice.unwrap_or(0));
            if output.is_none() && new.llm_output.is_none() {
                let what = no_output(record, Some(model), new.choice);
                return Err(self.absent(is_complete, what));
            }
            return Ok((output, Some(model.clone())));
        }
        let of_choice = |output: &&Output| new.choice.is_none_or(|choice| output.choice == choice);
        if let Some(text) = &new.llm_output {
            let hash = hash_of_answer(text);
            let output = record.outputs.iter().filter(of_choice).find(|o| o.hash == hash);
            return Ok((output, output.map(|output| output.model.to_string())));
        }
        let model = only_model(record)?;
        if !is_complete {
            // Another model's output may come, and then it would be a guess.
            let what = format!("the model of the output of {} has to be named", record.custom_id);
            return Err(self.absent(is_complete, what));
        }
        match record.output(model, new.choice.unwrap_or(0)) {
            Some(output) => Ok((Some(output), Some(model.to_owned()))),
            None => Err(StarError::NotFound(no_output(record, None, new.choice))),
        }
    }

    /// What to say of something that was not found, in batches that were all indexed when it was
    /// looked for, or were not.
    pub fn absent(&self, was_complete: bool, what: String) -> StarError {
        if was_complete {
            return StarError::NotFound(what);
        }
        let status = self.catalog().status();
        let done = status.bytes_done * 100 / status.bytes_total.max(1);
        StarError::NotYet(format!(
            "{what}; {done} % of the batches are indexed so far: ask again in a moment"
        ))
    }
}

/// As [`Collection::name_of_its_own`], asked when nobody else can write: a person may have starred
/// a moment ago, or in another program.
pub(crate) fn its_own(kind: Kind, name: &str) -> Check {
    let name = name.to_owned();
    Arc::new(move |state| match kind == Kind::Agent && state.is_person(&name) {
        true => Err(of_person(&name)),
        false => Ok(()),
    })
}

/// People's stars are written without a look, many together.
fn check_of(star: &Star) -> Option<Check> {
    (star.kind == Kind::Agent).then(|| its_own(star.kind, &star.starred_by))
}

fn of_person(name: &str) -> String {
    format!("{name} has starred as a person: an agent needs a name of its own")
}

pub(crate) fn no_record(custom_id: &str) -> String {
    format!("no batch holds a record {custom_id}")
}

fn no_output(record: &Record, model: Option<&str>, choice: Option<u16>) -> String {
    let outputs = record.outputs.iter().map(|output| match output.choice {
        0 => output.model.to_string(),
        choice => format!("{} choice {choice}", output.model),
    });
    let of_model = model.map(|model| format!(" of model {model}")).unwrap_or_default();
    let of_choice = choice.map(|choice| format!(" of choice {choice}")).unwrap_or_default();
    format!(
        "{} has no output{of_model}{of_choice}; it has outputs of {}",
        record.custom_id,
        outputs.collect::<Vec<_>>().join(", ")
    )
}

/// The model of a record that has outputs of just one.
pub(crate) fn only_model(record: &Record) -> Result<&str, Invalid> {
    let mut models: Vec<&str> = record.outputs.iter().map(|output| &*output.model).collect();
    models.dedup();
    let [model] = models[..] else {
        let (id, models) = (&record.custom_id, models.join(", "));
        let detail = format!("must be named: {id} has outputs of {models}");
        return Err(Invalid { field: "model", detail });
    };
    Ok(model)
}

pub(crate) fn id_taken() -> StarError {
    let detail = "names another line of the journal".into();
    Invalid { field: "id", detail }.into()
}

pub(crate) fn input_hash(record: &Record, model: Option<&str>) -> Option<String> {
    let (prompt, _) = record.prompt(model).ok()??;
    Some(named_hash(hash_of_prompt(&prompt)))
}

/// Names what a model wrote, which may still have its reasoning before it.
pub(crate) fn output_hash(text: &str) -> String {
    named_hash(hash_of_answer(text))
}

/// The hash of what a model wrote, without the reasoning that may stand before it.
pub(crate) fn hash_of_answer(text: &str) -> u64 {
    hash_of_text(split_reasoning(text).1)
}

fn named_hash(hash: u64) -> String {
    format!("xxh3:{hash:016x}")
}
