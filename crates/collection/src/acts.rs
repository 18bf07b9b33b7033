//! Acts of reviewers, taken back and done again, and what that makes of their outputs.

use crate::collection::Collection;
use crate::judged::Judged;
use crate::starring::{StarError, id_taken};
use goldstar_journal::{Act, Entry, Irreversible, Kind, NewReversal, ReverseError, Ulid};
use std::sync::Arc;

/// An output of an act, and its reviewer's star as it is now.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The record.
    pub custom_id: Arc<str>,
    /// The model, if it is known.
    pub model: Option<Arc<str>>,
    /// The choice.
    pub choice: u16,
    /// The star; none when there is none any more.
    pub star: Option<Judged>,
}

impl Collection {
    /// Takes an act back or does it again, as a person or an agent, whole or not at all; gives the
    /// act. The same id twice is one undo. `new_id` makes idempotency keys.
    pub fn reverse(
        &self,
        kind: Kind,
        new: &NewReversal,
        new_id: impl FnMut() -> Ulid,
    ) -> Result<Arc<Act>, StarError> {
        self.name_of_its_own(kind, &new.starred_by)?;
        self.journal().reverse(new, new_id).map_err(|error| match error {
            ReverseError::Irreversible(Irreversible::Unknown(detail)) => {
                StarError::NotFound(detail)
            }
            ReverseError::Irreversible(since) => StarError::Changed(since.to_string()),
            ReverseError::IdTaken => id_taken(),
            ReverseError::Read(error) => {
                StarError::Changed(format!("the journal cannot be read: {error}"))
            }
            ReverseError::Append(error) => error.into(),
        })
    }

    /// The first outputs of an act, each with the star that its reviewer has given it, as of now.
    pub fn changed(&self, act: &Act, most: usize) -> Vec<Changed> {
        let turns = act.turns.iter().take(most);
        turns.map(|turn| self.changed_by(&turn.after.entry, &act.starred_by)).collect()
    }

    fn changed_by(&self, entry: &Arc<Entry>, starred_by: &str) -> Changed {
        let record = self.catalog().record(&entry.custom_id);
        let is_complete = self.is_complete();
        let put = |stars: &[Arc<Entry>]| crate::judge(record.as_ref(), stars, is_complete);
        let meant = put(std::slice::from_ref(entry)).pop();
        let (model, choice) = meant.map_or((None, 0), |judged| (judged.model, judged.choice));
        let stars = self.journal().state().of_record(&entry.custom_id).to_vec();
        let star = put(&stars).into_iter().find(|judged| {
            let same_output = match (&judged.model, &model) {
                (Some(_), Some(_)) => (&judged.model, judged.choice) == (&model, choice),
                _ => judged.star.text_hash == entry.text_hash,
            };
            *judged.star.starred_by == *starred_by && same_output
        });
        Changed { custom_id: entry.custom_id.clone(), model, choice, star }
    }
}
