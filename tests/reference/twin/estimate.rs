//! From phases to people, and AoRs into overall (method 6 and 7).

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::numbers::{folded, percent, sum_if_all, times};
use super::{Cell, Figure, Key, Leaf, ONE, OVERALL, Twin, small, text_of, texts};

impl Twin {
    pub(super) fn ways(&self, code: &str) -> (Vec<String>, Option<(String, i128)>) {
        let common = || {
            let rules = texts(self.people_rules.get("rules"));
            if rules.is_empty() { ["given", "shares", "coefficients"].map(str::to_owned).to_vec() } else { rules }
        };
        let Some(own) = self.people_rules.get("aor").and_then(|aors| aors.get(code)).and_then(Value::as_table) else {
            return (common(), None);
        };
        let rules = texts(own.get("rules"));
        let derived = own
            .get("derived")
            .map(|derived| (Self::series_code(derived["of"].as_str().unwrap()), percent(derived["share"].as_str().unwrap())));
        (if rules.is_empty() { common() } else { rules }, derived)
    }

    pub(super) fn least_phase(&self, key: &str, default: u8) -> usize {
        usize::from(self.people_rules.get(key).map_or(default, small))
    }

    pub(super) fn estimate(&mut self) {
        let independent =
            self.people_rules.get("across-aors").and_then(|across| across.get("rule")).and_then(Value::as_str) == Some("independent");
        let by_leaf = self.people_rules.get("across-aors").and_then(|across| across.get("cell")).and_then(Value::as_str) == Some("leaf");
        for (key, cell) in self.cells.clone() {
            let mut found: BTreeMap<String, Figure> = BTreeMap::new();
            // What an AoR has without overall; where it would be derived from overall it waits.
            let mut without: BTreeMap<String, Figure> = BTreeMap::new();
            for aor in &self.aors {
                self.figure_of(&key, &cell, aor, &mut without, 0);
            }
            let mut overall = if independent {
                let mut overall = self.figure(&key, &cell, OVERALL, &mut without.clone(), 0);
                if overall.in_need.is_some() {
                    overall.mosaic = "independent".into();
                }
                overall
            } else {
                let figures: Vec<&Figure> = self.aors.iter().map(|aor| &without[aor]).collect();
                let mut overall = highest(&cell, &figures, by_leaf);
                if overall.in_need.is_none() {
                    // Method 15.9: where no AoR can make it, overall rests on what is said of overall.
                    let own = self.figure(&key, &cell, OVERALL, &mut without.clone(), 0);
                    let alone = own.method == "shares" || own.method == "coefficients";
                    let mosaic = if alone { "independent".into() } else { String::new() };
                    // Method 15.17: the highest of the AoRs' affected people goes before it.
                    let of_aors = overall.affected;
                    overall = Figure { affected: of_aors.or(own.affected), mosaic, ..own };
                    for leaf in overall.leaves.values_mut().filter(|_| of_aors.is_some()) {
                        leaf.1 = None;
                    }
                } else if overall.affected.is_none() && self.ways(OVERALL).0.iter().any(|way| way == "given") {
                    // Method 15.17: affected people given for overall stand where no AoR says how many are affected.
                    let given = self.given_people(&key, &cell, OVERALL);
                    let leaves = given.leaves.into_iter().map(|(leaf, people)| (leaf, (None, people.1))).collect();
                    with_given(&cell, &mut overall, &Figure { affected: given.affected, leaves, ..Figure::default() });
                }
                overall
            };
            overall.waits = false;
            let mut overall = self.decided(&key, OVERALL, with_affected_of_the_sheet(&cell, overall));
            let entering = || self.aors.iter().map(|aor| &without[aor]).filter(|figure| !figure.waits);
            overall.rests = if overall.method == "highest" {
                entering().any(|figure| figure.decided || figure.rests)
            } else {
                // The highest of the AoRs' affected people may be decided where nobody is in need (methods 11 and 15.17).
                let of_aors = !independent && cell.affected.is_none();
                let affected = entering().any(|figure| figure.affected.is_some() && (figure.decided || figure.rests));
                self.rests(&key, OVERALL, &overall, &without) || (of_aors && affected)
            };
            found.insert(OVERALL.into(), overall);
            found.extend(without.into_iter().filter(|(code, figure)| code != OVERALL && !figure.waits));
            for aor in self.aors.clone() {
                self.figure_of(&key, &cell, &aor, &mut found, 0);
            }
            self.figures.insert(key, found);
        }
    }

    pub(super) fn figure_of(&self, key: &Key, cell: &Cell, code: &str, found: &mut BTreeMap<String, Figure>, depth: u8) {
        if !found.contains_key(code) && depth < 8 {
            let figure = self.figure(key, cell, code, found, depth);
            // A decision stands after the rule's result, and there is none yet.
            let mut figure = if figure.waits { figure } else { self.decided(key, code, figure) };
            figure.rests = self.rests(key, code, &figure, found);
            found.insert(code.to_owned(), figure);
        }
    }

    /// Whether people rest on something that was decided: on the phase of a coefficient, on the figure from which they are
    /// derived, on the overall phase that the area gate asks (method 11).
    fn rests(&self, key: &Key, code: &str, figure: &Figure, found: &BTreeMap<String, Figure>) -> bool {
        let touched = |code: &str| self.severity[key][code].touched();
        let gated = self.people_rules.contains_key("need-from-area-phase") && touched(OVERALL);
        match figure.method.as_str() {
            "" | "given" => false,
            "coefficients" => touched(code) || gated,
            "derived" => {
                let base = self.ways(code).1.and_then(|(of, _)| found.get(&of).cloned());
                base.is_some_and(|base| base.decided || base.rests) || gated
            }
            _ => gated,
        }
    }

    /// A decision on people. SETTLED: it says nothing of the leaves of the figure that it changes.
    pub(super) fn decided(&self, key: &Key, code: &str, mut figure: Figure) -> Figure {
        for (what, is_need) in [("in_need", true), ("affected", false)] {
            let Some(new) = self.decisions.get(&(key.clone(), code.to_owned(), what.to_owned())) else { continue };
            figure.decided = true;
            *(if is_need { &mut figure.in_need } else { &mut figure.affected }) = Some(*new);
            for leaf in figure.leaves.values_mut() {
                *(if is_need { &mut leaf.0 } else { &mut leaf.1 }) = None;
            }
        }
        figure
    }

    pub(super) fn given_figure(&self, key: &Key, cell: &Cell, code: &str) -> Option<Figure> {
        Some(self.given_people(key, cell, code))
            .filter(|figure| figure.in_need.is_some())
            .map(|figure| Figure { method: "given".into(), ..figure })
    }

    /// People as given. Without a total, the leaves add up to it if all are there.
    pub(super) fn given_people(&self, key: &Key, cell: &Cell, code: &str) -> Figure {
        let of = |leaf: Option<Leaf>| self.given.get(&(key.clone(), code.to_owned(), leaf)).copied().unwrap_or((None, None));
        let leaves: BTreeMap<Leaf, (Option<i128>, Option<i128>)> =
            cell.leaves.keys().map(|leaf| (leaf.clone(), of(Some(leaf.clone())))).collect();
        let total = of(None);
        let whole = everybody(cell);
        let in_need = total.0.or_else(|| sum_if_all(&leaves.values().map(|leaf| leaf.0).collect::<Vec<_>>()).filter(|_| whole));
        let affected = total.1.or_else(|| sum_if_all(&leaves.values().map(|leaf| leaf.1).collect::<Vec<_>>()).filter(|_| whole));
        Figure { in_need, affected, leaves, ..Figure::default() }
    }

    pub(super) fn figure(&self, key: &Key, cell: &Cell, code: &str, found: &mut BTreeMap<String, Figure>, depth: u8) -> Figure {
        let phase = self.severity[key][code].phase;
        let overall = self.severity[key][OVERALL].phase;
        let (ways, derived) = self.ways(code);
        // SETTLED: affected people that are given alone stand where `given` comes before the way to the people in need.
        let mut given: Option<Figure> = None;
        for way in ways {
            let figure = match way.as_str() {
                "given" => {
                    given = Some(self.given_people(key, cell, code));
                    self.given_figure(key, cell, code)
                }
                "shares" => {
                    let speakers = std::iter::once(key.clone()).chain(self.wholes_around(key));
                    let shares = speakers.into_iter().find_map(|speaker| self.shares.get(&(speaker, code.to_owned())));
                    shares.and_then(|shares| {
                        let part = |from: usize| shares[from - 1..].iter().sum::<i128>();
                        let (need, affected) = (part(self.least_phase("from-phase", 3)), part(self.least_phase("affected-from-phase", 2)));
                        leaf_by_leaf(cell, "shares", |people, _| {
                            let of = |part: i128| times(people, part, shares.iter().sum());
                            Some((Some(of(need)), Some(of(affected))))
                        })
                    })
                }
                "coefficients" => phase.and_then(|phase| {
                    leaf_by_leaf(cell, "coefficients", |people, leaf| {
                        let Some((need, affected)) = self.coefficient(key, code, phase, leaf) else {
                            // A part whose people are given needs no coefficient (method 15.22).
                            let is_given =
                                given.as_ref().is_some_and(|given| given.leaves.get(leaf).is_some_and(|people| people.0.is_some()));
                            if *leaf != Leaf::default() && people == 0 {
                                return Some((Some(0), Some(0)));
                            }
                            return is_given.then_some((None, None));
                        };
                        Some((Some(times(people, need, ONE)), affected.map(|affected| times(people, affected, ONE))))
                    })
                }),
                _ => derived.clone().and_then(|(of, share)| {
                    // An AoR that is not in play has no figure.
                    if of != OVERALL && self.aors.contains(&of) {
                        self.figure_of(key, cell, &of, found, depth + 1);
                    }
                    if code != OVERALL && (of == OVERALL && !found.contains_key(OVERALL) || found.get(&of).is_some_and(|base| base.waits)) {
                        return Some(Figure { waits: true, ..Figure::default() });
                    }
                    let base = found.get(&of)?;
                    let part = |people: Option<i128>| people.map(|people| times(people, share, ONE));
                    let leaves: BTreeMap<Leaf, (Option<i128>, Option<i128>)> =
                        base.leaves.iter().map(|(leaf, people)| (leaf.clone(), (part(people.0), part(people.1)))).collect();
                    Some(Figure {
                        in_need: Some(part(base.in_need)?),
                        affected: part(base.affected),
                        method: "derived".into(),
                        leaves,
                        ..Figure::default()
                    })
                }),
            };
            let Some(mut figure) = figure else { continue };
            let gate = self.people_rules.get("need-from-area-phase").map(small);
            // Given figures are kept as given (method 14.10); every estimate stands behind the gate (method 6.5).
            if way != "given" && !figure.waits && gate.is_some_and(|gate| overall.is_some_and(|overall| overall < gate)) {
                figure.in_need = Some(0);
                for leaf in figure.leaves.values_mut().filter(|leaf| leaf.0.is_some()) {
                    leaf.0 = Some(0);
                }
            }
            if let Some(given) = given {
                with_given(cell, &mut figure, &given);
            }
            return figure;
        }
        let mut figure = Figure::default();
        if let Some(given) = given {
            with_given(cell, &mut figure, &given);
        }
        figure
    }

    /// In need and affected; `None` where no row speaks although need has begun.
    pub(super) fn coefficient(&self, key: &Key, code: &str, phase: u8, leaf: &Leaf) -> Option<(i128, Option<i128>)> {
        let line = self.line(&key.0);
        let mut tiers: Vec<String> = Vec::new();
        for tier in self.context.get("tier").and_then(Value::as_array).into_iter().flatten() {
            if texts(tier.get("areas")).iter().any(|area| line.contains(area)) {
                tiers.push(tier["code"].as_str().unwrap().to_owned());
            }
        }
        // SETTLED: a framework without any row for this AoR says nothing of it, not even that nobody is in need.
        let speaks = |row: &Table| text_of(row, "aor").is_none_or(|own| Self::series_code(own) == code);
        if !self.coefficients.iter().any(speaks) {
            return None;
        }
        let below = usize::from(phase) < self.least_phase("from-phase", 3);
        let mut best: Option<(usize, &Table)> = None;
        for row in &self.coefficients {
            // Words are compared folded.
            let same = |name: &str, asked: &str| text_of(row, name).is_none_or(|own| folded(own) == folded(asked));
            let series = text_of(row, "aor").map(Self::series_code);
            let fits = series.is_none_or(|series| series == code)
                && row.get("phase").map(small).is_none_or(|own| own == phase)
                && same("group", &key.2)
                && same("sex", &leaf.0)
                && same("age", &leaf.1)
                && text_of(row, "tier").is_none_or(|tier| tiers.iter().any(|known| folded(known) == folded(tier)))
                && (!below || row.contains_key("phase"));
            let named = ["aor", "phase", "group", "sex", "age", "tier"].iter().filter(|name| row.contains_key(**name)).count();
            if fits && best.is_none_or(|(most, _)| named > most) {
                best = Some((named, row));
            }
        }
        match best {
            Some((_, row)) => Some((percent(text_of(row, "in-need").unwrap()), text_of(row, "affected").map(percent))),
            None => below.then_some((0, None)),
        }
    }
}

/// Method 15.22: one part alone is some part, unless it counts as many people as the group.
fn everybody(cell: &Cell) -> bool {
    cell.leaves.len() > 1 || cell.leaves.values().all(|people| *people == Some(cell.population))
}

/// What is given beside a figure: affected people, with a total or for some leaves; people in need of some leaves
/// (method 15.17 and 15.22).
fn with_given(cell: &Cell, figure: &mut Figure, given: &Figure) {
    let leaves: Vec<&Leaf> = cell.leaves.keys().collect();
    if given.affected.is_some() {
        figure.affected = given.affected;
        for (leaf, people) in &given.leaves {
            figure.leaves.entry(leaf.clone()).or_default().1 = people.1;
        }
    } else if given.leaves.values().any(|leaf| leaf.1.is_some()) {
        for (leaf, people) in given.leaves.iter().filter(|(_, people)| people.1.is_some()) {
            figure.leaves.entry(leaf.clone()).or_default().1 = people.1;
        }
        let all: Vec<Option<i128>> = leaves.iter().map(|leaf| figure.leaves.get(leaf).and_then(|people| people.1)).collect();
        figure.affected = sum_if_all(&all).filter(|_| everybody(cell)).or(figure.affected);
    }
    if given.in_need.is_none() && given.leaves.values().any(|leaf| leaf.0.is_some()) {
        for (leaf, people) in given.leaves.iter().filter(|(_, people)| people.0.is_some()) {
            figure.leaves.entry(leaf.clone()).or_default().0 = people.0;
            figure.given_leaves.insert(leaf.clone());
        }
        let all: Vec<Option<i128>> = leaves.iter().map(|leaf| figure.leaves.get(leaf).and_then(|people| people.0)).collect();
        figure.in_need = sum_if_all(&all).filter(|_| everybody(cell)).or(figure.in_need);
    }
}

/// Leaf by leaf where there are leaves, and summed; else for the cell. `None` where some part has no figure.
fn leaf_by_leaf(cell: &Cell, method: &str, of: impl Fn(i128, &Leaf) -> Option<(Option<i128>, Option<i128>)>) -> Option<Figure> {
    let mut figure = Figure { method: method.into(), ..Figure::default() };
    // SETTLED: where the people of some leaf are not known, the parts are no whole: what is estimated is for the cell.
    if cell.leaves.values().any(Option::is_none) || cell.leaves.is_empty() || !everybody(cell) {
        let (in_need, affected) = of(cell.population, &Leaf::default())?;
        return Some(Figure { in_need, affected, ..figure });
    }
    for (leaf, people) in &cell.leaves {
        let (in_need, affected) = of(people.unwrap_or_default(), leaf)?;
        figure.leaves.insert(leaf.clone(), (in_need, affected));
    }
    figure.in_need = sum_if_all(&figure.leaves.values().map(|leaf| leaf.0).collect::<Vec<_>>());
    figure.affected = sum_if_all(&figure.leaves.values().map(|leaf| leaf.1).collect::<Vec<_>>());
    Some(figure)
}

/// The maximum over the AoRs in each cell, or in each leaf where every AoR with a figure has all leaves (method 7, 14.7).
fn highest(cell: &Cell, figures: &[&Figure], by_leaf: bool) -> Figure {
    let with_figure: Vec<&&Figure> = figures.iter().filter(|figure| figure.in_need.is_some()).collect();
    // 14.7: figures for some leaves only are a figure in that cell, and not all leaves.
    let with_any: Vec<&&Figure> =
        figures.iter().filter(|figure| figure.in_need.is_some() || figure.leaves.values().any(|people| people.0.is_some())).collect();
    let split = |figure: &Figure| cell.leaves.keys().all(|leaf| figure.leaves.get(leaf).is_some_and(|people| people.0.is_some()));
    let affected_split = |figure: &Figure| cell.leaves.keys().all(|leaf| figure.leaves.get(leaf).is_some_and(|people| people.1.is_some()));
    let has_affected = |figure: &&&Figure| figure.affected.is_some() || figure.leaves.values().any(|people| people.1.is_some());
    let affected_by_leaf = figures.iter().filter(has_affected).all(|figure| affected_split(figure));
    let mut overall = Figure { method: "highest".into(), mosaic: "group".into(), ..Figure::default() };
    if by_leaf && !cell.leaves.is_empty() && everybody(cell) && !with_figure.is_empty() && with_any.iter().all(|figure| split(figure)) {
        for leaf in cell.leaves.keys() {
            let most = |of: fn(&(Option<i128>, Option<i128>)) -> Option<i128>| {
                figures.iter().filter_map(|figure| figure.leaves.get(leaf).and_then(of)).max()
            };
            // The same holds for affected: leaf by leaf where every AoR that has them has all leaves.
            let affected = most(|people| people.1).filter(|_| affected_by_leaf);
            overall.leaves.insert(leaf.clone(), (most(|people| people.0), affected));
        }
        overall.in_need = sum_if_all(&overall.leaves.values().map(|leaf| leaf.0).collect::<Vec<_>>());
        overall.affected = sum_if_all(&overall.leaves.values().map(|leaf| leaf.1).collect::<Vec<_>>());
        if overall.affected.is_none() {
            overall.affected = figures.iter().filter_map(|figure| figure.affected).max();
        }
        overall.mosaic = "leaf".into();
        return overall;
    }
    overall.in_need = figures.iter().filter_map(|figure| figure.in_need).max();
    overall.affected = figures.iter().filter_map(|figure| figure.affected).max();
    if overall.in_need.is_none() {
        (overall.method, overall.mosaic) = (String::new(), String::new());
    }
    overall
}

/// Overall affected is the column of sheet `population` where it is filled (method 15.17), in the cell and in its leaves.
fn with_affected_of_the_sheet(cell: &Cell, mut figure: Figure) -> Figure {
    figure.affected = cell.affected.or(figure.affected);
    for (leaf, people) in &cell.affected_of {
        figure.leaves.entry(leaf.clone()).or_default().1 = Some(*people);
    }
    // Some parts without a total: the total follows where the others are estimated (method 15.22).
    if cell.affected.is_none() && !cell.affected_of.is_empty() {
        let all: Vec<Option<i128>> = cell.leaves.keys().map(|leaf| figure.leaves.get(leaf).and_then(|people| people.1)).collect();
        figure.affected = sum_if_all(&all).or(figure.affected);
    }
    figure
}
