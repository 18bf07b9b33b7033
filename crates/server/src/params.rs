//! What stands behind the `?` of an address, with a mistake named by its field.

use crate::identity::Who;
use crate::problem::Problem;
use crate::wire::FieldProblem;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use goldstar_collection::{Invalid, Ulid};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// The parameters of a request. Each is taken once by the handler; what is left over was misspelt,
/// and is refused: an export that ignores `min_qualty=9` would be a wrong dataset.
#[derive(Debug)]
pub(crate) struct Params {
    given: RefCell<BTreeMap<String, String>>,
    wrong: RefCell<Vec<FieldProblem>>,
    /// Nobody on a route that has no guard.
    who: Option<Who>,
    reviewer: OnceCell<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let given = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(given) = given.map_err(|error| Problem::field("query", error.to_string()))?;
        let params = Self::asked(BTreeMap::new(), parts.extensions.get().cloned());
        for (name, value) in given {
            if params.given.borrow_mut().insert(name.clone(), value).is_some() {
                params.wrong(&name, "is given twice");
            }
        }
        Ok(params)
    }
}

impl Params {
    /// Parameters that stood behind no address.
    pub(crate) fn of(given: BTreeMap<String, String>, who: Who) -> Self {
        Self::asked(given, Some(who))
    }

    fn asked(given: BTreeMap<String, String>, who: Option<Who>) -> Self {
        let (given, wrong) = (RefCell::new(given), RefCell::default());
        Self { given, wrong, who, reviewer: OnceCell::new() }
    }

    /// For whom the answer is, where that matters: who signed in, or who is named by `reviewer`.
    pub(crate) fn reviewer(&self) -> String {
        let known = self.reviewer.get_or_init(|| {
            // An empty one is the server's own reviewer.
            let named = self.text("reviewer");
            match &self.who {
                Some(who) if who.signs_in() => who.name.clone(),
                Some(who) => named.unwrap_or_else(|| who.name.clone()),
                None => named.unwrap_or_default(),
            }
        });
        known.clone()
    }

    /// Whether it is given, be it empty.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.given.borrow().contains_key(name)
    }

    /// A text; an empty one is as good as none.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.given.borrow_mut().remove(name).filter(|text| !text.is_empty())
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn number<N: FromStr + PartialOrd + Display + Copy>(
        &self,
        name: &str,
        least: N,
        most: N,
    ) -> Option<N> {
        let text = self.text(name)?;
        match text.parse::<N>() {
            Ok(number) if number >= least && number <= most => Some(number),
            _ => {
                self.wrong(name, format!("must be a number from {least} to {most}"));
                None
            }
        }
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let flag = self.text(name)?.parse().ok();
        if flag.is_none() {
            self.wrong(name, "must be true or false");
        }
        flag
    }

    /// A ULID.
    pub(crate) fn id(&self, name: &str) -> Option<Ulid> {
        let id = Ulid::from_string(&self.text(name)?).ok();
        if id.is_none() {
            self.wrong(name, "must be a ULID: 26 characters of 0-9 and A-Z without I, L, O and U");
        }
        id
    }

    /// A word that stands for a value.
    pub(crate) fn word<T: FromStr<Err = Invalid>>(&self, name: &str) -> Option<T> {
        match self.text(name)?.parse() {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.wrong(name, invalid.detail);
                None
            }
        }
    }

    pub(crate) fn wrong(&self, field: &str, detail: impl Into<String>) {
        let field = field.to_owned();
        self.wrong.borrow_mut().push(FieldProblem { field, detail: detail.into() });
    }

    /// All that was wrong, once every parameter has been taken.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        let mut wrong = self.wrong.into_inner();
        for name in self.given.into_inner().into_keys() {
            // A name that begins with `_` is nobody's: some clients add one to defeat caches.
            if !name.starts_with('_') {
                wrong.push(FieldProblem { field: name, detail: "is not known here".into() });
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Problem::bad(wrong)) }
    }
}
