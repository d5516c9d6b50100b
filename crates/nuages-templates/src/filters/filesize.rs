//! `filesizeformat`.

use minijinja::{Error, State, Value};

use super::input::{Raised, int, unfit};
use super::{ArgCount, Filter};
use crate::python::decimal_text;

pub(super) const FILTERS: &[Filter] = &[Filter::new("filesizeformat", ArgCount::None, filesizeformat).safe()];

const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];

fn filesizeformat(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let bytes = match int(value) {
        Ok(bytes) => bytes,
        Err(Raised::Overflow) => return Err(unfit("filesizeformat", value)),
        Err(_) => 0,
    };
    let minus = if bytes < 0 { "-" } else { "" };
    let size = bytes.unsigned_abs();
    if size < 1024 {
        return Ok(Value::from(format!("{minus}{size}\u{a0}byte{}", if size == 1 { "" } else { "s" })));
    }
    let power =
        (1..5).take_while(|power| size >= 1 << (10 * (power + 1))).last().map_or(1, |power| power + 1);
    #[expect(clippy::cast_precision_loss, reason = "Python divides integers into a float too")]
    let number = size as f64 / (1u64 << (10 * power)) as f64;
    let unit = UNITS.get(power - 1).copied().unwrap_or("PB");
    Ok(Value::from(format!("{minus}{}\u{a0}{unit}", one_decimal(number))))
}

/// A number rounded to one decimal, which is written even if it is nought.
fn one_decimal(number: f64) -> String {
    let rounded: f64 = format!("{number:.1}").parse().unwrap_or(number);
    let text = decimal_text(rounded);
    if text.contains('.') || text.contains('e') { text } else { format!("{text}.0") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_the_largest_unit_that_fits() {
        let env = minijinja::Environment::empty();
        let state = env.empty_state();
        for (bytes, wanted) in [
            (0i128, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (1024, "1.0 KB"),
            (10 * 1024 + 512, "10.5 KB"),
            (1 << 20, "1.0 MB"),
            ((1 << 30) - 1, "1024.0 MB"),
            (1 << 30, "1.0 GB"),
            (1 << 40, "1.0 TB"),
            (1 << 50, "1.0 PB"),
            (2000 << 50, "2000.0 PB"),
            (-2048, "-2.0 KB"),
        ] {
            let text = filesizeformat(&state, &Value::from(bytes), None).unwrap().to_string();
            assert_eq!(text.replace('\u{a0}', " "), wanted);
        }
    }
}
