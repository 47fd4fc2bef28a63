//! From phases to a severity (method 5, 14.5, 14.8, 15.2, 15.3).

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::numbers::{divided, percent, sum};
use super::{Judged, Key, ONE, OVERALL, Row, Twin, decimal_of, section, small, text_of, texts};

impl Twin {
    pub(super) fn decided_phase(&self, key: &Key, code: &str) -> Option<u8> {
        self.decisions.get(&(key.clone(), code.to_owned(), "phase".to_owned())).map(|new| u8::try_from(new / ONE).unwrap())
    }

    /// A decision on a phase: for this very row, or for the whole area where the group's phase is inherited or unknown.
    pub(super) fn decide(&self, key: &Key, code: &str, judged: &mut Judged) {
        let own = self.decided_phase(key, code);
        let mut of_area = None;
        for whole in self.wholes_around(key) {
            let speaks_itself = self.severity.get(&whole).is_some_and(|found| found[code].own && found[code].phase.is_some());
            of_area = of_area.or(self.decided_phase(&whole, code));
            if of_area.is_some() || speaks_itself {
                break;
            }
        }
        let of_area = of_area.filter(|_| !judged.own || judged.phase.is_none());
        if let Some(phase) = own.or(of_area) {
            judged.phase = Some(phase);
            judged.decided = true;
            judged.own = own.is_some();
            if judged.place.is_none() {
                // SETTLED: a phase that only a decision gives is a person's judgement.
                judged.place = self.place("judgement");
                judged.method = "judgement".into();
            }
        }
    }

    pub(super) fn combine(&mut self) {
        let keys: BTreeSet<Key> = self
            .cells
            .keys()
            .cloned()
            .chain(self.spoken_for.iter().cloned())
            .chain(self.decisions.keys().map(|(key, _, _)| key.clone()))
            .collect();
        let rows: BTreeMap<Key, Row> = self.rows("indicators").into_iter().map(|row| (row.key.clone(), row)).collect();
        for key in keys {
            let mut found: BTreeMap<String, Judged> = BTreeMap::new();
            for id in self.area_indicators() {
                let (own, says) = rows.get(&key).map_or((None, false), |row| self.score(&id, row));
                let around = || self.wholes_around(&key).into_iter().filter_map(|whole| rows.get(&whole).map(|row| self.score(&id, row)));
                let phase = if says { own } else { around().find(|(_, says)| *says).and_then(|(phase, _)| phase) };
                let mut judged = Judged { phase, own: says, place: self.place("area"), ..Judged::default() };
                self.decide(&key, &id, &mut judged);
                judged.method = if judged.phase.is_some() { "area".into() } else { String::new() };
                found.insert(id, judged);
            }
            for (risk, _) in &self.risks {
                let judged = self.judge_risk(&key, risk, &found);
                found.insert(risk.clone(), judged);
            }
            for aor in &self.aors {
                let parts: Vec<Judged> =
                    self.risks.iter().filter(|(_, aors)| aors.contains(aor)).map(|(risk, _)| found[risk].clone()).collect();
                let judged = self.judge_parts(&key, aor, &parts, "aor");
                found.insert(aor.clone(), judged);
            }
            let parts: Vec<Judged> = self.aors.iter().map(|aor| found[aor].clone()).collect();
            let judged = self.judge_parts(&key, OVERALL, &parts, "overall");
            found.insert(OVERALL.into(), judged);
            self.severity.insert(key, found);
        }
    }

    pub(super) fn area_indicators(&self) -> Vec<String> {
        let of_areas = |rule: &Table| matches!(text_of(rule, "measured-on"), Some("area" | "key-informants"));
        self.indicators.iter().filter(|(_, rule)| of_areas(rule)).map(|(id, _)| id.clone()).collect()
    }

    pub(super) fn place(&self, kind: &str) -> Option<usize> {
        self.order.iter().position(|known| known == kind)
    }

    /// The evidence for this very scope: kind, phase, whether it is the row's own.
    pub(super) fn direct(&self, key: &Key, code: &str) -> Vec<(&'static str, u8, bool)> {
        let mut direct = Vec::new();
        let around = self.wholes_around(key);
        let own_or_whole = |of: &dyn Fn(&Key) -> Option<u8>| {
            of(key).map(|phase| (phase, true)).or_else(|| around.iter().find_map(of).map(|phase| (phase, false)))
        };
        let target = |key: &Key| (key.clone(), code.to_owned());
        for (kind, found) in [
            ("given", own_or_whole(&|key| self.given_phase.get(&target(key)).copied())),
            ("shares", own_or_whole(&|key| self.shares.get(&target(key)).and_then(|shares| self.phase_of_shares(shares)))),
            ("judgement", own_or_whole(&|key| self.judged.get(&target(key)).copied())),
        ] {
            direct.extend(found.map(|(phase, own)| (kind, phase, own)));
        }
        direct
    }

    pub(super) fn judge_risk(&self, key: &Key, risk: &str, found: &BTreeMap<String, Judged>) -> Judged {
        let mut parts = Vec::new();
        let (mut expected, mut known) = (0, 0);
        let mut own = false;
        for id in self.area_indicators() {
            let rule = &self.indicators[&id];
            if !texts(rule.get("risks")).contains(&risk.to_owned()) {
                continue;
            }
            let judged = &found[&id];
            own |= judged.phase.is_some() && judged.own;
            parts.push(Part {
                phase: judged.phase,
                tier: self.tier(&id),
                weight: rule.get("weight").map_or(ONE, decimal_of),
                decisive: rule.get("decisive").and_then(Value::as_bool).unwrap_or(false),
            });
            if rule.get("expected").and_then(Value::as_bool).unwrap_or(true) && !self.not_used.contains(&id) {
                expected += 1;
                known += i128::from(judged.phase.is_some());
            }
        }
        let coverage = (expected > 0).then(|| divided(known * ONE, expected * ONE));
        let least = percent(text_of(&self.severity_rules, "least-coverage").unwrap_or("50%"));
        let enough = known * ONE >= least * expected || parts.iter().any(Part::decides_alone);
        let mut candidates: Vec<(usize, &str, u8, bool)> =
            self.direct(key, risk).into_iter().map(|(kind, phase, own)| (self.place(kind).unwrap(), kind, phase, own)).collect();
        if let Some(phase) = combined(&parts, &section(&self.severity_rules, "risk")).filter(|_| enough) {
            candidates.push((self.place("area").unwrap(), "area", phase, own));
        }
        let mut judged = Judged { coverage, ..Judged::default() };
        if let Some((place, kind, phase, own)) = candidates.into_iter().min_by_key(|candidate| candidate.0) {
            judged = Judged { phase: Some(phase), method: kind.into(), place: Some(place), own, ..judged };
        }
        let decided = |id: &String| found[id].decided && texts(self.indicators[id].get("risks")).contains(&risk.to_owned());
        judged.rests = judged.method == "area" && self.area_indicators().iter().any(decided);
        self.decide(key, risk, &mut judged);
        judged
    }

    /// Risks into an AoR, AoRs into overall (method 15.2).
    pub(super) fn judge_parts(&self, key: &Key, code: &str, parts: &[Judged], step: &str) -> Judged {
        let known: Vec<&Judged> = parts.iter().filter(|part| part.phase.is_some()).collect();
        let coverage =
            (!parts.is_empty()).then(|| divided(i128::try_from(known.len()).unwrap() * ONE, i128::try_from(parts.len()).unwrap() * ONE));
        let mut candidates: Vec<((usize, u8), &str, u8, bool)> =
            self.direct(key, code).into_iter().map(|(kind, phase, own)| ((self.place(kind).unwrap(), 0), kind, phase, own)).collect();
        // SETTLED: a risk or an AoR can reach any phase, and each counts the same.
        let all: Vec<Part> = parts.iter().map(|part| Part { phase: part.phase, tier: 5, weight: ONE, decisive: false }).collect();
        if let Some(phase) = combined(&all, &section(&self.severity_rules, step)) {
            let best = known.iter().filter_map(|part| part.place).min().unwrap_or(usize::MAX);
            candidates.push(((best, 1), "combined", phase, known.iter().any(|part| part.own)));
        }
        let mut judged = Judged { coverage, ..Judged::default() };
        if let Some(((place, _), kind, phase, own)) = candidates.into_iter().min_by_key(|candidate| candidate.0) {
            judged =
                Judged { phase: Some(phase), method: kind.into(), place: Some(place).filter(|place| *place != usize::MAX), own, ..judged };
        }
        judged.rests = judged.method == "combined" && parts.iter().any(Judged::touched);
        self.decide(key, code, &mut judged);
        judged
    }
}

struct Part {
    phase: Option<u8>,
    tier: u8,
    weight: i128,
    decisive: bool,
}

impl Part {
    fn decides_alone(&self) -> bool {
        self.decisive && self.phase == Some(5)
    }
}

/// Phases of the same people into one (method 5 and 14.5).
fn combined(parts: &[Part], rule: &Table) -> Option<u8> {
    if parts.iter().any(Part::decides_alone) {
        return Some(5);
    }
    let mut known: Vec<u8> = parts.iter().filter_map(|part| part.phase).collect();
    known.sort_unstable_by(|a, b| b.cmp(a));
    let least = rule.get("least-known").map_or(1, small);
    if known.is_empty() || known.len() < usize::from(least) {
        return None;
    }
    let missing = text_of(rule, "missing").unwrap_or("any-known");
    let top = parts.iter().map(|part| part.tier).max();
    if missing == "complete-only" && known.len() < parts.len() {
        return None;
    }
    if missing == "all-of-top-tier" && parts.iter().filter(|part| Some(part.tier) == top).all(|part| part.phase.is_none()) {
        return None;
    }
    match text_of(rule, "combine").unwrap_or("worst") {
        "worst" => known.first().copied(),
        "mean-of-worst-half" => {
            let half = known.len().div_ceil(2);
            let total: usize = known.iter().take(half).map(|phase| usize::from(*phase)).sum();
            u8::try_from((2 * total + half) / (2 * half)).ok()
        }
        "majority" => (1..=5u8).max_by_key(|phase| (known.iter().fold(0, |count, own| count + usize::from(own == phase)), *phase)),
        _ => {
            let (mut total, mut weight) = (0, 0);
            for part in parts {
                if let Some(phase) = part.phase {
                    total += i128::from(phase) * part.weight;
                    weight += part.weight;
                }
            }
            let rounded = match text_of(rule, "rounding").unwrap_or("half-up") {
                "up" => (total + weight - 1) / weight,
                "down" => total / weight,
                _ => (2 * total + weight) / (2 * weight),
            };
            u8::try_from(rounded).ok()
        }
    }
}

/// Five shares that add up to 1 within 0.005; a blank is 0 when the known ones do (method 4 form 6, 14.3).
pub(super) fn five_shares(parts: [Option<i128>; 5]) -> Option<[i128; 5]> {
    let total = sum(parts)?;
    ((total - ONE).abs() <= ONE / 200).then(|| parts.map(|part| part.unwrap_or(0)))
}

pub(super) fn phase_past_the_cut(parts: &[i128; 5], cut: i128, more_than: bool) -> Option<u8> {
    let total: i128 = parts.iter().sum();
    if total == 0 {
        return None;
    }
    let mut cumulated = 0;
    for phase in (1..=5u8).rev() {
        cumulated += parts[usize::from(phase) - 1];
        // Scaled by 1e6 on both sides, so that a nation's people fit.
        let (have, need) = (cumulated * 1_000_000, cut / 1_000_000 * total);
        if have > need || (have == need && !more_than) {
            return Some(phase);
        }
    }
    None
}
