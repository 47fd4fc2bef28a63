//! The columns that every template has, one line of data each: header, format, need, note, example. The same columns
//! as in docs/formats.md, section 2; a test holds that the engine finds every one of them.

use super::super::model::Format;
use super::{EXAMPLE_GROUP, EXAMPLE_PCODE, Need};

/// Columns whose texts are long.
pub(super) const LONG: [&str; 10] = [
    "name",
    "source",
    "reason",
    "threat",
    "effects",
    "capacities",
    "evidence",
    "decided_by",
    "final_severity_reason",
    "final_in_need_reason",
];

/// Header, format, need, note, example.
pub(super) type Standing = (&'static str, Format, Need, &'static str, &'static str);

/// The columns that name the row, in most sheets.
pub(super) const KEYS: [Standing; 3] = [
    ("pcode", Format::Text, Need::Required, "P-code of the area, as text with its leading zeros.", EXAMPLE_PCODE),
    (
        "pocket",
        Format::Text,
        Need::Optional,
        "Name of a site or sub-place inside the area that is analysed by itself. Blank: the area itself.",
        "",
    ),
    (
        "population_group",
        Format::Text,
        Need::Optional,
        "The population group, spelled as in sheet `population`. Blank: the row speaks for the whole area. Never `Total` or `All`.",
        EXAMPLE_GROUP,
    ),
];

/// Sheet `areas`.
pub(super) const AREAS: &[Standing] = &[
    ("pcode", Format::Text, Need::Required, "P-code of the area, as text with its leading zeros.", EXAMPLE_PCODE),
    ("name", Format::Text, Need::Optional, "Name of the area.", "Example district"),
    ("level", Format::Whole, Need::Required, "Level of the division: 0 = country, 1 = first division, and so on to 5.", "1"),
    ("parent_pcode", Format::Text, Need::Optional, "P-code of the area in which it lies. Without it the area hangs under the country.", ""),
];

/// Sheet `population`, after the keys.
pub(super) const POPULATION: &[Standing] = &[
    (
        "sex",
        Format::Text,
        Need::Optional,
        "Only where the row counts one sex. Split each area and group one way only, and write no row of subtotals beside the parts.",
        "female",
    ),
    ("age", Format::Text, Need::Optional, "Age band, only where the row counts one band, such as 0-17.", "0-17"),
    (
        "disability",
        Format::Text,
        Need::Optional,
        "yes: the row counts the people with disabilities among the others, and is not added to them. Blank in all other rows.",
        "",
    ),
    (
        "population",
        Format::Whole,
        Need::Required,
        "People living there. Blank together with all figures of the group: the group does not live here.",
        "1560",
    ),
    ("affected", Format::Whole, Need::Optional, "People touched by the risks, where this is known from elsewhere.", ""),
];

/// At the end of measured values.
pub(super) const SOURCE_AND_DATE: &[Standing] = &[
    ("source", Format::Text, Need::Optional, "Where the values of the row come from.", "Example: protection monitoring"),
    ("date", Format::Text, Need::Optional, "Date of the values, YYYY-MM-DD.", "2025-10-01"),
];

/// Sheet `shares`, after the keys.
pub(super) const SHARES: &[Standing] = &[
    ("scope", Format::Text, Need::Required, "What the shares are for: overall protection, an area of responsibility, or a risk.", "aor"),
    ("code", Format::Text, Need::OneOf, "The area of responsibility or the risk; blank for overall.", "GBV"),
    (
        "phase1",
        Format::Number,
        Need::OneOf,
        "Share of the people in phase 1, from 0 to 1. The five shares add up to 1, give or take 0.005; a blank one counts as 0 where the others do so already.",
        "0.2",
    ),
    ("phase2", Format::Number, Need::OneOf, "Share of the people in phase 2, from 0 to 1.", "0.35"),
    ("phase3", Format::Number, Need::OneOf, "Share of the people in phase 3, from 0 to 1.", "0.25"),
    ("phase4", Format::Number, Need::OneOf, "Share of the people in phase 4, from 0 to 1.", "0.15"),
    ("phase5", Format::Number, Need::OneOf, "Share of the people in phase 5, from 0 to 1.", "0.05"),
];

/// Sheet `estimates`, after the keys.
pub(super) const ESTIMATES: &[Standing] = &[
    ("aor", Format::Text, Need::Required, "The area of responsibility that the figure is for, or overall.", "CP"),
    ("sex", Format::Text, Need::Optional, "Only where the figure is for one sex, spelled as in sheet `population`.", ""),
    ("age", Format::Text, Need::Optional, "Only where the figure is for one age band, spelled as in sheet `population`.", ""),
    ("phase", Format::Phase, Need::OneOf, "Phase, 1 to 5. A row needs phase, affected or in_need.", "3"),
    ("affected", Format::Whole, Need::OneOf, "People affected. A row needs phase, affected or in_need.", "1100"),
    ("in_need", Format::Whole, Need::OneOf, "People in need. A row needs phase, affected or in_need.", "780"),
    (
        "source",
        Format::Text,
        Need::Optional,
        "Who worked the figure out. Wanted, though the row is read without it.",
        "Example: Child Protection AoR",
    ),
];

/// Sheet `judgements`, after the keys.
pub(super) const JUDGEMENTS: &[Standing] = &[
    ("risk", Format::Text, Need::OneOf, "The risk that is judged. Fill in risk or aor, not both.", "PR08"),
    ("aor", Format::Text, Need::OneOf, "The area of responsibility that is judged, or overall. Fill in risk or aor, not both.", ""),
    ("phase", Format::Phase, Need::Required, "The phase, 1 to 5.", "4"),
    ("reason", Format::Text, Need::Required, "Why this phase.", "Example: reports doubled since May"),
    ("confidence", Format::Text, Need::Optional, "How sure those are who judge.", "medium"),
    ("threat", Format::Text, Need::Optional, "The threat, in words.", "Example: attacks on the way to water"),
    ("effects", Format::Text, Need::Optional, "What it does to people.", "Example: women avoid going out"),
    ("capacities", Format::Text, Need::Optional, "What people have against it.", "Example: night patrols by the community"),
    ("evidence", Format::Text, Need::Required, "What the judgement rests on.", "Example: monitoring report 12"),
    (
        "decided_by",
        Format::Text,
        Need::Required,
        "Who judged: a group or an office, not a person's name.",
        "Example: protection working group",
    ),
    ("date", Format::Text, Need::Required, "When, YYYY-MM-DD.", "2025-11-03"),
];

/// Sheet `decisions`, after the keys.
pub(super) const DECISIONS: &[Standing] = &[
    ("scope", Format::Text, Need::Required, "What the figure is about.", "aor"),
    ("code", Format::Text, Need::OneOf, "The area of responsibility, risk or indicator; blank for overall and intersectoral.", "CP"),
    ("what", Format::Text, Need::Required, "Which figure is changed.", "phase"),
    (
        "old",
        Format::Number,
        Need::Required,
        "The phase or the people that the rules give; write unknown where they give none. If they give another value, a warning says so.",
        "3",
    ),
    ("new", Format::Number, Need::Required, "The phase or the people decided.", "4"),
    ("reason", Format::Text, Need::Required, "Why.", "Example: the survey missed the new arrivals"),
    ("evidence", Format::Text, Need::Required, "What the decision rests on.", "Example: registration of 28 October"),
    (
        "decided_by",
        Format::Text,
        Need::Required,
        "Who decided: a group or an office, not a person's name.",
        "Example: protection working group",
    ),
    ("date", Format::Text, Need::Required, "When, YYYY-MM-DD.", "2025-11-03"),
];

/// Sheet `previous`, after the keys.
pub(super) const PREVIOUS: &[Standing] = &[
    ("aor", Format::Text, Need::OneOf, "The area of responsibility, or overall. Fill in aor or sector.", "CP"),
    ("sector", Format::Text, Need::OneOf, "The core sector. Fill in aor or sector.", ""),
    ("phase", Format::Phase, Need::Optional, "Last cycle's phase, 1 to 5.", "3"),
    ("in_need", Format::Whole, Need::Optional, "Last cycle's people in need.", "760"),
];

/// Sheet `sectors`, after the figures of the sectors.
pub(super) const OUTCOMES: &[Standing] = &[
    ("civilian_casualties", Format::Number, Need::Optional, "Civilian casualties, as in the JIAF worksheet, which states no unit.", "0.4"),
    ("crude_death_rate", Format::Number, Need::Optional, "Crude death rate, per 10,000 people and day.", "0.3"),
    ("under5_death_rate", Format::Number, Need::Optional, "Death rate of children under 5, per 10,000 children and day.", "0.8"),
    ("whz", Format::Number, Need::Optional, "Malnutrition by weight for height, in per cent.", "6.2"),
    ("muac", Format::Number, Need::Optional, "Malnutrition by mid-upper arm circumference, in per cent.", "4.1"),
    ("epidemics", Format::Number, Need::Optional, "Epidemics, as a phase from 1 to 5; decimals are allowed.", "2.2"),
    (
        "hr_ihl_violations",
        Format::Number,
        Need::Optional,
        "Violations of human rights and humanitarian law, judged by experts, 1 to 5.",
        "4",
    ),
    (
        "coping_phase1",
        Format::Number,
        Need::Optional,
        "Share of the people in phase 1 of livelihood coping, from 0 to 1. The five shares add up to 1.",
        "0.6",
    ),
    ("coping_phase2", Format::Number, Need::Optional, "The same for phase 2.", "0.15"),
    ("coping_phase3", Format::Number, Need::Optional, "The same for phase 3.", "0.15"),
    ("coping_phase4", Format::Number, Need::Optional, "The same for phase 4.", "0.1"),
    ("coping_phase5", Format::Number, Need::Optional, "The same for phase 5.", "0"),
    ("mortality", Format::Number, Need::Optional, "Phase of mortality, only where the death rates are not known.", ""),
    ("malnutrition", Format::Number, Need::Optional, "Phase of malnutrition, only where the rates are not known.", ""),
    ("livelihood_coping", Format::Number, Need::Optional, "Phase of livelihood coping, only where the shares are not known.", ""),
    ("manual_flag", Format::Text, Need::Optional, "Any text flags the row for a second look.", ""),
    ("final_severity", Format::Phase, Need::Optional, "The final phase, where people decided on it.", ""),
    ("final_severity_reason", Format::Text, Need::OneOf, "Why it differs from the preliminary phase; needed where it does.", ""),
    ("final_in_need", Format::Whole, Need::Optional, "The final people in need, where people decided on them.", ""),
    ("final_in_need_reason", Format::Text, Need::OneOf, "Why they differ from the preliminary ones; needed where they do.", ""),
];

/// Sheet `response`, after the keys.
pub(super) const RESPONSE: &[Standing] = &[
    ("aor", Format::Text, Need::Required, "The area of responsibility, or overall.", "CP"),
    ("targeted", Format::Whole, Need::OneOf, "People whom the response plans to reach. A row needs targeted or reached.", "500"),
    ("reached", Format::Whole, Need::OneOf, "People reached. A row needs targeted or reached.", "310"),
];

/// Whether a column of this header names the row.
pub(super) fn is_key(header: &str) -> bool {
    KEYS.iter().any(|(key, ..)| *key == header)
}
