//! Invented people: a name from one culture, a trade, employers and skills.

use super::grammar::{Grammar, ListId};
use super::rng::Rng;
use super::voice::Voice;

/// What is known about one invented person; text is ready for a JSON string.
#[derive(Default)]
pub(super) struct Person<'g> {
    pub(super) name: Vec<u8>,
    pub(super) first: Vec<u8>,
    pub(super) role: Vec<u8>,
    pub(super) firms: [Vec<u8>; 2],
    pub(super) city: &'g [u8],
    pub(super) school: &'g [u8],
    pub(super) degree: &'g [u8],
    pub(super) cert: &'g [u8],
    pub(super) languages: [&'g [u8]; 2],
    pub(super) skills: [&'g [u8]; 5],
    pub(super) works: [&'g [u8]; 3],
    pub(super) years: u64,
}

/// Where people are drawn from.
pub(super) struct People {
    cultures: Vec<Culture>,
    weight: usize,
    trades: Vec<Trade>,
    level: ListId,
    firm: ListId,
    city: ListId,
    school: ListId,
    degree: ListId,
    language: ListId,
    nickname: ListId,
}

struct Culture {
    given: ListId,
    family: ListId,
    weight: usize,
    order: Order,
}

struct Trade {
    title: ListId,
    skill: ListId,
    work: ListId,
    cert: ListId,
}

/// How given and family name make the full one.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    GivenFamily,
    FamilyGiven,
    /// Family name first and no space; such people are called by the full name.
    Joined,
}

const TRADES: [&str; 14] = [
    "backend",
    "data",
    "frontend",
    "nursing",
    "finance",
    "logistics",
    "teaching",
    "marketing",
    "legal",
    "mechanical",
    "hospitality",
    "social",
    "sales",
    "lab",
];

const CULTURES: [(&str, usize, Order); 32] = [
    ("english", 16, Order::GivenFamily),
    ("irish", 3, Order::GivenFamily),
    ("spanish", 12, Order::GivenFamily),
    ("portuguese", 5, Order::GivenFamily),
    ("french", 6, Order::GivenFamily),
    ("german", 6, Order::GivenFamily),
    ("italian", 5, Order::GivenFamily),
    ("polish", 6, Order::GivenFamily),
    ("czech", 3, Order::GivenFamily),
    ("nordic", 4, Order::GivenFamily),
    ("dutch", 4, Order::GivenFamily),
    ("finnish", 2, Order::GivenFamily),
    ("hungarian", 2, Order::FamilyGiven),
    ("romanian", 2, Order::GivenFamily),
    ("turkish", 3, Order::GivenFamily),
    ("greek", 1, Order::GivenFamily),
    ("russian", 2, Order::GivenFamily),
    ("ukrainian", 1, Order::GivenFamily),
    ("arabic", 2, Order::GivenFamily),
    ("hebrew", 1, Order::GivenFamily),
    ("persian", 1, Order::GivenFamily),
    ("indian", 10, Order::GivenFamily),
    ("hindi", 2, Order::GivenFamily),
    ("chinese", 5, Order::Joined),
    ("pinyin", 4, Order::GivenFamily),
    ("japanese", 3, Order::Joined),
    ("korean", 3, Order::Joined),
    ("vietnamese", 5, Order::FamilyGiven),
    ("thai", 1, Order::GivenFamily),
    ("yoruba", 5, Order::GivenFamily),
    ("swahili", 4, Order::GivenFamily),
    ("pacific", 2, Order::GivenFamily),
];

impl People {
    /// Finds the lists that people are made of.
    pub(super) fn new(grammar: &Grammar) -> Self {
        let id = |kind: &str, name: &str| grammar.id(&format!("{kind}.{name}"));
        let culture = |&(name, weight, order)| Culture {
            given: id("given", name),
            family: id("family", name),
            weight,
            order,
        };
        let trade = |name: &&str| Trade {
            title: id("title", name),
            skill: id("skill", name),
            work: id("work", name),
            cert: id("cert", name),
        };
        Self {
            cultures: CULTURES.iter().map(culture).collect(),
            weight: CULTURES.iter().map(|(_, weight, _)| weight).sum(),
            trades: TRADES.iter().map(trade).collect(),
            level: grammar.id("level"),
            firm: grammar.id("firm"),
            city: grammar.id("city"),
            school: grammar.id("school"),
            degree: grammar.id("degree"),
            language: grammar.id("language"),
            nickname: grammar.id("nickname"),
        }
    }

    /// Draws the person that `voice` will speak about.
    pub(super) fn draw(&self, voice: &mut Voice<'_>) {
        let grammar = voice.grammar;
        let rng = &mut voice.rng;
        let person = &mut voice.person;
        self.name(grammar, rng, &mut person.name, &mut person.first);
        let trade = &self.trades[rng.below(self.trades.len())];
        person.role.clear();
        if rng.percent(55) {
            person.role.extend_from_slice(one(grammar, self.level, rng));
            person.role.push(b' ');
        }
        person.role.extend_from_slice(one(grammar, trade.title, rng));
        person.city = one(grammar, self.city, rng);
        person.school = one(grammar, self.school, rng);
        person.degree = one(grammar, self.degree, rng);
        person.cert = one(grammar, trade.cert, rng);
        person.languages = several(grammar, self.language, rng);
        person.skills = several(grammar, trade.skill, rng);
        person.works = several(grammar, trade.work, rng);
        person.years = rng.between(2, 26) as u64;
        for which in 0..2 {
            let mut firm = std::mem::take(&mut voice.person.firms[which]);
            firm.clear();
            voice.fill(self.firm, &mut firm);
            voice.person.firms[which] = firm;
        }
    }

    fn name(&self, grammar: &Grammar, rng: &mut Rng, name: &mut Vec<u8>, first: &mut Vec<u8>) {
        let culture = self.culture(rng.below(self.weight));
        let [given, middle] = several(grammar, culture.given, rng);
        let family = one(grammar, culture.family, rng);
        name.clear();
        first.clear();
        if culture.order == Order::GivenFamily {
            name.extend_from_slice(given);
            name.push(b' ');
            match rng.below(200) {
                0 => push_all(name, &[b"\\\"", one(grammar, self.nickname, rng), b"\\\" "]),
                1..30 => push_all(name, &[middle, b" "]),
                _ => {}
            }
            name.extend_from_slice(family);
        } else {
            name.extend_from_slice(family);
            if culture.order == Order::FamilyGiven {
                name.push(b' ');
            }
            name.extend_from_slice(given);
        }
        first.extend_from_slice(if culture.order == Order::Joined { name } else { given });
    }

    fn culture(&self, mut ticket: usize) -> &Culture {
        for culture in &self.cultures {
            if ticket < culture.weight {
                return culture;
            }
            ticket -= culture.weight;
        }
        unreachable!("a ticket is below the sum of weights")
    }
}

fn push_all(out: &mut Vec<u8>, parts: &[&[u8]]) {
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

fn one<'g>(grammar: &'g Grammar, list: ListId, rng: &mut Rng) -> &'g [u8] {
    grammar.text(list, rng.below(grammar.get(list).templates.len()))
}

/// Different items of one list, which has more than `N`.
fn several<'g, const N: usize>(grammar: &'g Grammar, list: ListId, rng: &mut Rng) -> [&'g [u8]; N] {
    let count = grammar.get(list).templates.len();
    let mut items = [usize::MAX; N];
    for place in 0..N {
        let mut item = rng.below(count);
        while items.contains(&item) {
            item = (item + 1) % count;
        }
        items[place] = item;
    }
    items.map(|item| grammar.text(list, item))
}
