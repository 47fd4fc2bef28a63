//! What a person reads when a run is over, and the same for programs.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::diag::{Findings, Level};
use crate::domain::{People, Phase, Scope};
use crate::report::account::in_words;
use crate::report::summary::{KeyFigures, key_figures, known_for, share_in_need};
use crate::run::Run;
use crate::stage::touched::Touch;

/// A file that a run writes.
pub(super) struct Written {
    pub(super) path: PathBuf,
    /// Another one stood there before.
    replaced: bool,
}

impl Written {
    /// Looks before it is written.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { replaced: path.exists(), path }
    }
}

/// The summary for a person.
pub(super) fn text(done: &Run, written: &[Written]) -> String {
    let mut text = String::new();
    let paint = Paint::new();
    if let (Some(analysis), Some(report)) = (&done.analysis, done.report()) {
        let key = key_figures(analysis);
        let _ = writeln!(text, "\n{}", paint.bold(&report.title()));
        let _ = writeln!(text, "framework {}", analysis.rules.name_and_version());
        if let Some(path) = &done.context_file {
            let _ = writeln!(text, "context {}", path.display());
        }
        let _ = writeln!(text);
        figures(&mut text, &key, &paint);
        risks(&mut text, analysis, &report.context.language);
        for line in in_words(&analysis.ledger) {
            let _ = writeln!(text, "{line}");
        }
    }
    text.push_str(&findings_line(&done.findings));
    if written.is_empty() {
        text.push_str("nothing was written\n");
    } else {
        let _ = writeln!(text, "written:");
        for file in written {
            let _ =
                writeln!(text, "  {}{}", file.path.display(), if file.replaced { " (in place of the one that stood there)" } else { "" });
        }
    }
    text
}

fn figures(text: &mut String, key: &KeyFigures, paint: &Paint) {
    let mut line = |name: &str, people: Option<People>, beside: String, touch: Touch| {
        let beside: Vec<&str> = [beside.as_str(), touch.word()].into_iter().filter(|part| !part.is_empty()).collect();
        let _ = writeln!(text, "{}", format!("  {name:<34} {:>14}  {}", whole(people), beside.join(", ")).trim_end());
    };
    let known_for = |share| known_for(share).trim_start_matches(", ").to_owned();
    line("population", key.population, String::new(), Touch::None);
    let [affected_for, ..] = key.known;
    line("affected", key.affected, known_for(affected_for), key.touch);
    let share = key.share.map_or(String::new(), |share| format!("{} of those assessed", percent(share.to_f64())));
    line(&paint.bold(&format!("{:<34}", "in need of protection")), key.in_need, share, key.touch);
    if let Some(range) = key.range {
        line("  low", Some(range.low), String::new(), Touch::None);
        line("  high", Some(range.high), String::new(), Touch::None);
    }
    let left = key.coverage.map_or(String::new(), |share| format!("{} of the population", percent(1.0 - share.to_f64())));
    line("not assessed", key.not_assessed, left, key.touch);
    for of in &key.by_aor {
        line(&format!("  {}", of.series.name()), of.in_need, known_for(of.coverage), of.touch);
    }
    for of in &key.by_area {
        let share = share_in_need(of.in_need, of.assessed).map_or(String::new(), |share| percent(share.to_f64()));
        line(&format!("  {} {}", of.pcode, of.name), of.in_need, share, of.touch);
    }
    let phases: Vec<String> = Phase::ALL.iter().zip(key.units_by_phase).map(|(phase, units)| format!("{units} in phase {phase}")).collect();
    let unknown = key.units_by_phase.last().copied().unwrap_or(0);
    let _ = writeln!(
        text,
        "\n  units by overall phase (a unit is an area and group): {}, {unknown} unknown{}",
        phases.join(", "),
        marked(key.touch_of_phases)
    );
    if key.overridden.units > 0 {
        let _ = writeln!(text, "  units with a phase or figure changed by a decision: {}", key.overridden);
    }
}

fn risks(text: &mut String, analysis: &crate::stage::Analysis, language: &str) {
    let worst: Vec<_> = analysis.priorities.iter().filter(|priority| priority.areas_in_phase_3 > 0).take(5).collect();
    if worst.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n  risks by people living where they stand in phase 4 or worse:");
    for (at, priority) in worst.iter().enumerate() {
        let risk = &analysis.rules.risks[priority.risk];
        let name = shortened(risk.name(language));
        let _ = writeln!(
            text,
            "  {}. {} {name:<58} {:>12}  (phase 3 or worse: {} people, {} areas{})",
            at + 1,
            risk.code,
            whole(Some(priority.people_in_phase_4)),
            whole(Some(priority.people_in_phase_3)),
            priority.areas_in_phase_3,
            marked(analysis.touched.phases_anywhere(Scope::Risk(priority.risk)))
        );
    }
    let _ = writeln!(text);
}

/// A mark at the end of a list.
fn marked(touch: Touch) -> String {
    if touch == Touch::None { String::new() } else { format!(", {}", touch.word()) }
}

/// How many findings there are of each level.
pub(super) fn findings_line(findings: &Findings) -> String {
    let count = |level: Level| {
        let count = findings.count(level);
        format!("{count} {}{}", level.word(), if count == 1 { "" } else { "s" })
    };
    format!("findings: {}, {}, {}\n", count(Level::Error), count(Level::Warning), count(Level::Note))
}

/// The summary for programs.
pub(super) fn json(done: &Run, written: &[Written]) -> String {
    use serde_json::json;
    let number = |people: Option<People>| people.map(People::to_f64);
    let findings: Vec<_> = done
        .findings
        .iter()
        .map(|finding| {
            json!({
                "code": finding.code.id(), "level": finding.level.word(), "sheet": finding.place.sheet(), "cell": finding.place.cell(), "figure": finding.place.figure(),
                "message": finding.message, "help": finding.code.help(),
            })
        })
        .collect();
    let key = done.analysis.as_ref().map(|analysis| {
        let key = key_figures(analysis);
        let by_aor: serde_json::Map<String, serde_json::Value> = key.by_aor.iter().map(|of| (of.series.code().to_owned(), json!(number(of.in_need)))).collect();
        let marks: serde_json::Map<String, serde_json::Value> = key.by_aor.iter().map(|of| (of.series.code().to_owned(), json!(of.touch.word()))).collect();
        json!({
            "population": number(key.population), "affected": number(key.affected), "in_need": number(key.in_need), "not_assessed": number(key.not_assessed),
            "targeted": number(key.targeted), "reached": number(key.reached), "in_need_by_aor": by_aor,
            "units": key.overridden.of, "units_overridden": key.overridden.units, "mark": key.touch.word(), "mark_by_aor": marks,
        })
    });
    let files: Vec<String> = written.iter().map(|file| file.path.display().to_string()).collect();
    let text = serde_json::to_string_pretty(&json!({ "key_figures": key, "findings": findings, "written": files })).unwrap_or_default();
    format!("{text}\n")
}

/// A name that fits its column; the rest is left out with a mark.
fn shortened(name: &str) -> String {
    const MOST: usize = 58;
    if name.chars().count() <= MOST { name.to_owned() } else { name.chars().take(MOST - 1).chain(['…']).collect() }
}

/// A whole number with separators, or a dash where it is not known.
fn whole(people: Option<People>) -> String {
    let Some(people) = people else { return "-".into() };
    let rounded = people.rounded();
    let digits = rounded.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if rounded < 0 { format!("-{out}") } else { out }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Bold on a terminal that wants it.
struct Paint {
    on: bool,
}

impl Paint {
    fn new() -> Self {
        use std::io::IsTerminal as _;
        Self { on: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    fn bold(&self, text: &str) -> String {
        if self.on { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
