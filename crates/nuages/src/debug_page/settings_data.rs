//! The settings, those that differ from their default first.

use nuages_http::Settings;

use super::mask::{MASKED, Mask, is_telling};
use super::report::{Row, Section, Tone};

pub(super) fn section(settings: &Settings, mask: &Mask) -> Section {
    let default = Settings::default().shown();
    let mut rows: Vec<(bool, Row)> = settings
        .shown()
        .into_iter()
        .zip(default)
        .map(|((name, value), (_, default))| {
            let changed = value != default;
            let value = if is_telling(name) { MASKED.to_owned() } else { mask.hide(&value).into_owned() };
            let tone = if changed { Tone::Good } else { Tone::Plain };
            (!changed, Row::new(name, value).tone(tone))
        })
        .collect();
    rows.sort_by_key(|(unchanged, _)| *unchanged);
    rows.into_iter().fold(
        Section::new("Settings").note("Those that differ from their defaults come first.").folded(),
        |section, (_, row)| section.row(row),
    )
}
