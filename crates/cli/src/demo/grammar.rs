//! Lists of sentence templates, read from the text files beside this one and kept ready to append.

/// The number of a list in its grammar.
pub(super) type ListId = usize;

const FILES: [&str; 8] = [
    include_str!("names.txt"),
    include_str!("jobs.txt"),
    include_str!("words.txt"),
    include_str!("summary.txt"),
    include_str!("strengths.txt"),
    include_str!("concerns.txt"),
    include_str!("closing.txt"),
    include_str!("thinking.txt"),
];

/// Every list, its text already escaped for a JSON string.
pub(super) struct Grammar {
    names: Vec<&'static str>,
    lists: Vec<List>,
}

/// The templates one slot can stand for.
pub(super) struct List {
    pub(super) templates: Vec<Vec<Piece>>,
    /// True when no template has a slot: the words that a near-duplicate may change.
    pub(super) plain: bool,
}

/// A part of a template.
pub(super) enum Piece {
    Text(Vec<u8>),
    Slot(Slot, Form),
}

/// What a slot is filled with.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    List(ListId),
    /// From the same list, but not what was taken last.
    Other(ListId),
    Fact(Fact),
    Number(usize, usize),
}

/// How a filling is fitted into its sentence.
#[derive(Clone, Copy)]
pub(super) enum Form {
    AsIs,
    Capital,
    Article,
}

/// What is known about the person the sentence is about.
#[derive(Clone, Copy)]
pub(super) enum Fact {
    Name,
    First,
    Role,
    Years,
    City,
    School,
    Degree,
    Cert,
    Language(usize),
    /// Which of the skills, counted from the one named last; 0 picks anew.
    Skill(usize),
    Work,
    Firm(usize),
    Score,
}

impl Grammar {
    /// Reads the lists that are built into the program.
    pub(super) fn new() -> Self {
        let mut sections: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
        for line in FILES.iter().flat_map(|file| file.lines()) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                sections.push((name, Vec::new()));
            } else if !line.starts_with('#')
                && let Some((_, items)) = sections.last_mut()
            {
                items.extend(line.split('|').filter(|item| !item.is_empty()));
            }
        }
        let mut grammar =
            Self { names: sections.iter().map(|(name, _)| *name).collect(), lists: Vec::new() };
        grammar.lists = sections.iter().map(|(_, items)| grammar.list(items)).collect();
        grammar
    }

    /// The list called `name`.
    pub(super) fn id(&self, name: &str) -> ListId {
        let found = self.names.iter().position(|known| *known == name);
        found.unwrap_or_else(|| panic!("the demo's text files have no list [{name}]"))
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.lists.len()
    }

    /// The templates of a list.
    pub(super) fn get(&self, id: ListId) -> &List {
        &self.lists[id]
    }

    /// One item of a list whose items have no slots.
    pub(super) fn text(&self, id: ListId, item: usize) -> &[u8] {
        match self.lists[id].templates[item].first() {
            Some(Piece::Text(text)) => text,
            _ => panic!("the demo's list [{}] must have plain items", self.names[id]),
        }
    }

    fn list(&self, items: &[&str]) -> List {
        let templates: Vec<_> = items.iter().map(|item| self.template(item)).collect();
        let plain = templates.iter().flatten().all(|piece| matches!(piece, Piece::Text(_)));
        List { templates, plain }
    }

    fn template(&self, mut rest: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some((text, tail)) = rest.split_once('{') {
            let (slot, tail) = tail.split_once('}').expect("a slot in the demo's text is closed");
            push_text(&mut pieces, text);
            pieces.push(self.slot(slot));
            rest = tail;
        }
        push_text(&mut pieces, rest);
        pieces
    }

    fn slot(&self, written: &str) -> Piece {
        let (form, name) = match (written.strip_prefix('^'), written.strip_prefix("a:")) {
            (Some(name), _) => (Form::Capital, name),
            (_, Some(name)) => (Form::Article, name),
            _ => (Form::AsIs, written),
        };
        let slot = fact(name).map(Slot::Fact).or_else(|| number(name));
        Piece::Slot(slot.unwrap_or_else(|| self.list_slot(name)), form)
    }

    fn list_slot(&self, name: &str) -> Slot {
        match name.strip_suffix('2') {
            Some(base) => Slot::Other(self.id(base)),
            None => Slot::List(self.id(name)),
        }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        // A backslash stays as it is: the files may write `\n` for a line end.
        pieces.push(Piece::Text(text.replace('"', "\\\"").into_bytes()));
    }
}

fn fact(name: &str) -> Option<Fact> {
    Some(match name {
        "name" => Fact::Name,
        "first" => Fact::First,
        "role" => Fact::Role,
        "years" => Fact::Years,
        "city" => Fact::City,
        "school" => Fact::School,
        "degree" => Fact::Degree,
        "cert" => Fact::Cert,
        "language" => Fact::Language(0),
        "language2" => Fact::Language(1),
        "skill" => Fact::Skill(0),
        "skill2" => Fact::Skill(1),
        "skill3" => Fact::Skill(2),
        "work" => Fact::Work,
        "firm" => Fact::Firm(0),
        "firm2" => Fact::Firm(1),
        "score" => Fact::Score,
        _ => return None,
    })
}

fn number(name: &str) -> Option<Slot> {
    Some(match name {
        "n" => Slot::Number(2, 9),
        "nn" => Slot::Number(11, 48),
        "pct" => Slot::Number(6, 49),
        "big" => Slot::Number(61, 98),
        "year" => Slot::Number(2009, 2024),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_items_and_every_slot_a_list() {
        let grammar = Grammar::new();
        for (name, list) in grammar.names.iter().zip(&grammar.lists) {
            assert!(list.templates.len() >= 2, "[{name}] has too few items");
        }
        let templates: usize = grammar.lists.iter().map(|list| list.templates.len()).sum();
        assert!(templates > 2_000, "{templates} items in all");
    }

    #[test]
    fn no_list_is_defined_twice() {
        let mut names = Grammar::new().names;
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
