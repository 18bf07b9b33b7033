//! How an output stood before its reviewer: without its model's name, or for the second time.

use serde::Serialize;
use serde_json::Value;

/// How an output stood before its reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Without the names of models, in an order of its own.
    pub blind: Option<Blind>,
    /// The reviewer had starred it before, and did not see that star.
    pub reshown: bool,
}

/// Where an output stood among those of its record, whose models were not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Blind {
    /// What the order was made of, beside the reviewer, the record and the models.
    pub seed: u32,
    /// From 1.
    pub place: u16,
    /// Of so many.
    pub of: u16,
}

impl Blind {
    /// Reads `{"seed": 7, "place": 2, "of": 3}`. `Err`: what is wrong with it.
    pub fn read(value: &Value) -> Result<Self, String> {
        let number = |key: &str| value.get(key).and_then(Value::as_u64);
        let seed = number("seed").and_then(|seed| u32::try_from(seed).ok());
        let seed = seed.ok_or("seed must be a whole number below 4294967296")?;
        let small = |key: &str| number(key).and_then(|number| u16::try_from(number).ok());
        let (place, of) = (small("place").unwrap_or(0), small("of").unwrap_or(0));
        if place < 1 || place > of {
            return Err("place must be a whole number from 1 to `of`".into());
        }
        Ok(Self { seed, place, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_is_one_of_so_many() {
        let check = |seed: Value, place: Value, of: Value, is_good: bool| {
            let value = json!({"seed": seed, "place": place, "of": of});
            assert_eq!(Blind::read(&value).is_ok(), is_good, "{value}");
        };
        check(json!(0), json!(1), json!(1), true);
        check(json!(4_294_967_295_u32), json!(2), json!(3), true);
        check(json!(4_294_967_296_u64), json!(2), json!(3), false);
        check(json!(-1), json!(2), json!(3), false);
        check(json!(1), json!(0), json!(3), false);
        check(json!(1), json!(4), json!(3), false);
        check(json!(1), json!(1.5), json!(3), false);
        check(json!(1), json!("1"), json!(3), false);
        check(json!(1), json!(1), Value::Null, false);
        assert!(Blind::read(&json!([1, 2, 3])).is_err());
    }
}
