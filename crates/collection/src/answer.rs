//! The rows that answer a query: sets of rows from columns, stars and words, put together.
//!
//! Clauses about outputs hold when one and the same output meets them all, so they are masks over
//! entries until the very end; what is negated, no output may meet, so it is a set of rows that is
//! taken away.

use crate::clauses::{Clause, containing, contains, flagged, shown};
use crate::judged::{Judged, is_disputed, model_means, rounded};
use crate::parallel::each_part;
use crate::query::{Condition, Query};
use crate::shares::Shares;
use crate::standing::Standing;
use crate::wording::{Look, Wording};
use arrow_buffer::BooleanBuffer;
use goldstar_catalog::{Bits, NAME, PROMPT, Part, SHOWN, Snapshot, Table, Texts};
use std::sync::Arc;

/// Words that stand in fewer records than this are put to the outputs of each.
const FEW_ROWS: u32 = 100_000;

/// Answers queries about one state of a collection.
pub(crate) struct Asked<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) standing: &'a Standing,
    pub(crate) shares: &'a Shares,
    pub(crate) threads: usize,
}

/// Clauses about outputs that columns answer.
struct OfOutputs {
    wanted: Vec<Clause>,
    unwanted: Vec<Clause>,
}

impl Asked<'_> {
    /// The rows that answer the query; none when all do.
    pub(crate) fn rows(&self, query: &Query) -> Option<Bits> {
        if query.clauses.is_empty() {
            return None;
        }
        let (mut wordings, candidates) = self.snapshot.look(|table| {
            let rows = self.without_words(query, table);
            let wording = |clause: &crate::query::Clause| {
                let look = Look::of(&clause.condition)?;
                let (entries, rows) = (table.entry_count(), rows.limit());
                Some(Wording::new(clause.negated, look, entries, rows))
            };
            (query.clauses.iter().filter_map(wording).collect::<Vec<_>>(), rows)
        });
        if wordings.is_empty() || candidates.is_empty() {
            return Some(candidates);
        }
        // Words first: an index answers for them, and patterns then have fewer texts to look at.
        wordings.sort_by_key(|wording| wording.phrase().is_none());
        let phrases = wordings.iter().filter(|wording| wording.phrase().is_some()).count();
        let (of_words, of_patterns) = wordings.split_at_mut(phrases);
        self.find(of_words, &candidates);
        if !of_patterns.is_empty() {
            let found = of_words.to_vec();
            let fewer = candidates.clone();
            let fewer = self.snapshot.look(|table| self.with_words(query, table, found, fewer));
            self.find(of_patterns, &fewer);
        }
        Some(self.snapshot.look(|table| self.with_words(query, table, wordings, candidates)))
    }

    /// The rows that meet all clauses but those about words.
    fn without_words(&self, query: &Query, table: &Table) -> Bits {
        let mut rows = Bits::full(table.row_count());
        for clause in &query.clauses {
            let meant = match &clause.condition {
                Condition::IsStarred => self.standing.rows(rows.limit(), |_| true),
                Condition::IsUnreviewed => {
                    let mut meant = self.standing.rows(rows.limit(), |_| true);
                    meant.invert();
                    meant
                }
                Condition::IsDisputed => self.standing.rows(rows.limit(), is_disputed),
                Condition::Rated { model, range } => {
                    let is_meant = |(of, mean): &(&Arc<str>, f64)| {
                        ***of == **model && range.contains(u64::from(rounded(*mean)))
                    };
                    self.standing
                        .rows(rows.limit(), |stars| model_means(stars).iter().any(is_meant))
                }
                Condition::Assigned(name) => self.shares.of(name, rows.limit()),
                Condition::Todo(name) => self.shares.todo(name, self.standing, rows.limit()),
                Condition::Name(part) => self.named(table, part),
                Condition::Id(part) => self.with_id(table, part),
                _ => continue,
            };
            if clause.negated { rows.and_not(&meant) } else { rows.and(&meant) }
        }
        self.by_stars(query, &mut rows);
        let outputs = OfOutputs::new(query, table);
        if !rows.is_empty() && outputs.are_asked_for() {
            let (wanted, unwanted) = self.by_columns(table, &outputs);
            rows.and_not(&unwanted);
            if !outputs.wanted.is_empty() {
                rows.and(&wanted);
            }
        }
        rows
    }

    /// Leaves rows with one star that meets all clauses about stars, and with none that meets a
    /// negated one. They are about what people gave; beside `is:suggested` about what agents gave.
    fn by_stars(&self, query: &Query, rows: &mut Bits) {
        let of_stars = query.clauses.iter().filter(|clause| clause.condition.is_about_stars());
        let (unwanted, wanted): (Vec<_>, Vec<_>) = of_stars.partition(|clause| clause.negated);
        if !wanted.is_empty() {
            let of_agents = wanted.iter().any(|c| c.condition == Condition::IsSuggested);
            let meets = |judged: &Judged| wanted.iter().all(|c| judged.meets(&c.condition));
            rows.and(&self.stars(of_agents, rows.limit(), meets));
        }
        for clause in unwanted {
            let of_agents = clause.condition == Condition::IsSuggested;
            let meets = |judged: &Judged| judged.meets(&clause.condition);
            rows.and_not(&self.stars(of_agents, rows.limit(), meets));
        }
    }

    /// The rows with a star that passes a test.
    fn stars(&self, of_agents: bool, limit: u32, test: impl Fn(&Judged) -> bool) -> Bits {
        let any = |stars: &[Judged]| stars.iter().any(&test);
        match of_agents {
            true => self.standing.suggested(limit, any),
            false => self.standing.rows(limit, any),
        }
    }

    /// The rows with an output that meets all wanted clauses, and those with one that meets an
    /// unwanted one.
    fn by_columns(&self, table: &Table, outputs: &OfOutputs) -> (Bits, Bits) {
        let empty = || Bits::new(table.row_count());
        let found = each_part(
            &table.parts(),
            self.threads,
            || (empty(), empty()),
            |(wanted, unwanted), part| {
                let shown = shown(part);
                if !outputs.wanted.is_empty() {
                    put_rows(wanted, part, &outputs.wanted(part, &shown));
                }
                for clause in &outputs.unwanted {
                    put_rows(unwanted, part, &(&shown & &clause.mask(part)));
                }
            },
        );
        found.into_iter().fold((empty(), empty()), |(mut a, mut b), (wanted, unwanted)| {
            a.or(&wanted);
            b.or(&unwanted);
            (a, b)
        })
    }

    /// The rows whose name contains this: the name that an entry gives, else the id.
    fn named(&self, table: &Table, text: &str) -> Bits {
        let empty = || Bits::new(table.row_count());
        let found = each_part(
            &table.parts(),
            self.threads,
            || (empty(), empty()),
            |(meant, named), part| {
                let names = flagged(part, NAME);
                if names.has_true() {
                    put_rows(named, part, &names);
                    put_rows(meant, part, &(&names & &containing(&part.names(), text)));
                }
            },
        );
        let (mut meant, mut unnamed) = (empty(), empty());
        for (found, named) in found {
            meant.or(&found);
            unnamed.or(&named);
        }
        unnamed.invert();
        // One by one costs more for each, but not when most records have a name.
        if unnamed.count_ones() <= unnamed.limit() / 8 {
            let by_id = unnamed.ones().filter(|row| contains(table.custom_id(*row), text));
            by_id.for_each(|row| meant.set(row));
        } else {
            let mut by_id = self.with_id(table, text);
            by_id.and(&unnamed);
            meant.or(&by_id);
        }
        meant
    }

    fn with_id(&self, table: &Table, text: &str) -> Bits {
        let empty = || Bits::new(table.row_count());
        let look = |meant: &mut Bits, part: &Part<'_>| {
            put_rows(meant, part, &(&shown(part) & &containing(&part.custom_ids(), text)));
        };
        let found = each_part(&table.parts(), self.threads, empty, look);
        joined(found, empty())
    }

    /// Looks for the words: in stars here, in texts through the index as far as there is one, and
    /// in the texts themselves for the rest.
    fn find(&self, wordings: &mut [Wording], candidates: &Bits) {
        if wordings.is_empty() {
            return; // without a word no text needs to be read
        }
        for wording in wordings.iter_mut() {
            for of_agents in [false, true] {
                let rows = self.stars(of_agents, candidates.limit(), |judged| {
                    let star = &judged.star;
                    wording.is_in(&star.notes) || star.tags.iter().any(|tag| wording.is_in(tag))
                });
                wording.in_record.or(&rows);
            }
        }
        let unread = self.unread(wordings, candidates);
        if unread.is_empty() {
            return;
        }
        let empty = || -> Vec<(Vec<u32>, Vec<u32>)> { vec![Default::default(); wordings.len()] };
        let look = |found: &mut Vec<(Vec<u32>, Vec<u32>)>, texts: &Texts<'_>| {
            for (wording, (entries, rows)) in wordings.iter().zip(found) {
                if texts.output.is_some_and(|text| wording.is_in(text)) {
                    entries.push(texts.entry);
                }
                let beside = [texts.prompt, texts.name, Some(texts.custom_id)];
                if beside.into_iter().flatten().any(|text| wording.is_in(text)) {
                    rows.push(texts.row);
                }
            }
        };
        let found = self.snapshot.read_texts(&unread, self.threads, empty, look);
        for found in found {
            for (wording, (entries, rows)) in wordings.iter_mut().zip(found) {
                entries.into_iter().for_each(|entry| wording.in_output.set(entry));
                rows.into_iter().for_each(|row| wording.in_record.set(row));
            }
        }
    }

    /// Asks the index for words, and gives the entries of candidates that it does not answer for.
    fn unread(&self, wordings: &mut [Wording], candidates: &Bits) -> Vec<u32> {
        self.snapshot.look(|table| {
            let mut index = self.snapshot.full_text(table);
            for wording in wordings.iter_mut() {
                let (entries, rows) = (wording.in_output.limit(), wording.in_record.limit());
                let asked = index.as_ref().zip(wording.phrase());
                match asked.and_then(|(index, phrase)| index.find(table, phrase, entries, rows)) {
                    Some(found) => {
                        wording.in_output.or(&found.in_output);
                        wording.in_record.or(&found.in_record);
                    }
                    // Then every text is looked at, once for all.
                    None => index = None,
                }
            }
            let mut unread = Vec::new();
            for part in table.parts() {
                let indexed = index.as_ref().map_or(0, |index| index.indexed(&part));
                if indexed == part.len {
                    continue;
                }
                let texts = flagged(&part, SHOWN | PROMPT | NAME);
                let rows = part.rows();
                let wanted =
                    texts.set_indices().filter(|at| *at >= indexed && candidates.get(rows[*at]));
                unread.extend(wanted.map(|at| part.first + at as u32));
            }
            unread
        })
    }

    /// Of the candidates those that meet the clauses about words, too.
    fn with_words(
        &self,
        query: &Query,
        table: &Table,
        wordings: Vec<Wording>,
        mut rows: Bits,
    ) -> Bits {
        let outputs = OfOutputs::new(query, table);
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for mut wording in wordings {
            if wording.is_negated {
                rows.and_not(&wording.in_record);
                unwanted.push(wording.in_output.into_mask());
                continue;
            }
            // In which of the outputs it stands does not matter when it stands beside them all.
            let few = wording.in_record.count_ones() <= FEW_ROWS;
            if few {
                for row in wording.in_record.ones() {
                    table.entry_numbers(row).for_each(|entry| wording.in_output.set(entry));
                }
            }
            wanted.push((wording.in_output.into_mask(), wording.in_record, few));
        }
        let limit = rows.limit();
        let empty = || Bits::new(limit);
        let entries = wanted.first().map(|w| w.0.len()).or(unwanted.first().map(|w| w.len()));
        let parts = parts_below(table, entries.unwrap_or_default());
        let found = each_part(
            &parts,
            self.threads,
            || (empty(), empty()),
            |(meant, refused), part| {
                let here = |mask: &BooleanBuffer| mask.slice(part.first as usize, part.len);
                let is_none = |mask: &BooleanBuffer| !here(mask).has_true();
                let nothing = wanted.iter().any(|(mask, _, few)| *few && is_none(mask));
                if !wanted.is_empty() && !nothing {
                    let mut mask = outputs.wanted(part, &shown(part));
                    for (in_output, in_record, few) in &wanted {
                        let mut stands = here(in_output);
                        if !few {
                            let rows = part.rows();
                            let beside =
                                BooleanBuffer::collect_bool(part.len, |at| in_record.get(rows[at]));
                            stands = &stands | &beside;
                        }
                        mask = &mask & &stands;
                    }
                    put_rows(meant, part, &mask);
                }
                for in_output in unwanted.iter().filter(|mask| !is_none(mask)) {
                    put_rows(refused, part, &(&shown(part) & &here(in_output)));
                }
            },
        );
        let (meant, refused): (Vec<Bits>, Vec<Bits>) = found.into_iter().unzip();
        if !wanted.is_empty() {
            rows.and(&joined(meant, empty()));
        }
        rows.and_not(&joined(refused, empty()));
        rows
    }
}

impl OfOutputs {
    fn new(query: &Query, table: &Table) -> Self {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for clause in &query.clauses {
            let place = if clause.negated { &mut unwanted } else { &mut wanted };
            place.extend(Clause::of(&clause.condition, table));
        }
        Self { wanted, unwanted }
    }

    fn are_asked_for(&self) -> bool {
        !self.wanted.is_empty() || !self.unwanted.is_empty()
    }

    /// The shown outputs of a part that meet every wanted clause.
    fn wanted(&self, part: &Part<'_>, shown: &BooleanBuffer) -> BooleanBuffer {
        self.wanted.iter().fold(shown.clone(), |mask, clause| &mask & &clause.mask(part))
    }
}

/// Parts of the entries that were there when the words were looked for.
fn parts_below(table: &Table, entries: usize) -> Vec<Part<'_>> {
    let mut parts = table.parts();
    parts.retain_mut(|part| {
        part.len = part.len.min(entries.saturating_sub(part.first as usize));
        part.len > 0
    });
    parts
}

fn put_rows(rows: &mut Bits, part: &Part<'_>, mask: &BooleanBuffer) {
    let of_entries = part.rows();
    mask.set_indices().for_each(|at| rows.set(of_entries[at]));
}

fn joined(sets: Vec<Bits>, empty: Bits) -> Bits {
    sets.into_iter().fold(empty, |mut all, set| {
        all.or(&set);
        all
    })
}
