//! The heart: from a workbook to an analysis, one stage after the other. Every stage's table is kept, so that what
//! comes later only reads.

use std::collections::BTreeMap;

use super::areas::read_areas;
use super::audit::Audit;
use super::change::{Change, compare_with_previous};
use super::checks::check;
use super::decide::{Decided, Decisions, Targets, read_decisions};
use super::evidence::{EvidenceTable, read_evidence};
use super::intersectoral::{IntersectoralTable, intersect};
use super::locate::locate;
use super::mosaic::{MosaicLevels, at_every_level};
use super::observe::{IndicatorTable, observe};
use super::people::{PeopleBasis, PinTable, estimate};
use super::population::{PopulationTable, read_population};
use super::previous::{PreviousTable, read_previous};
use super::priority::{EvidenceCount, Priority, evidence_matrix, rank_risks, register};
use super::response::{ResponseTable, read_response};
use super::rollup::{AcrossSums, RolledTable, roll_up, roll_up_across};
use super::score::{ScoredTable, score};
use super::sectors::{Across, SectorTable, read_sectors};
use super::severity::{PhaseBasis, SeverityTable, combine};
use super::units::{CellTable, read_units};
use crate::diag::{Checked, Code, Findings};
use crate::domain::id::Id;
use crate::domain::{Aor, AreaId, AreaTree, CellId, GroupId, PafPillar, RiskId, Scope, Series};
use crate::framework::{Context, Framework};
use crate::table::Workbook;

/// Everything that was read and computed.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The rules in force, with the context's changes.
    pub rules: Framework,
    /// The admin areas.
    pub areas: AreaTree,
    /// The units of analysis.
    pub cells: CellTable,
    /// AoRs in play.
    pub aors: Vec<Aor>,
    /// Overall and the AoRs in play.
    pub series: Vec<Series>,
    /// Who lives where.
    pub population: PopulationTable,
    /// Values of indicators.
    pub observed: IndicatorTable,
    /// Other evidence.
    pub evidence: EvidenceTable,
    /// Phases of indicators.
    pub scored: ScoredTable,
    /// Phases of risks, AoRs, overall.
    pub severity: SeverityTable,
    /// People per cell.
    pub in_need: PinTable,
    /// People per area, up to the country.
    pub rolled: RolledTable,
    /// Overall with the highest taken at each level.
    pub mosaic_levels: MosaicLevels,
    /// What the sectors found.
    pub sectors: SectorTable,
    /// The step across sectors.
    pub across: IntersectoralTable,
    /// Its sums per area and group.
    pub across_sums: BTreeMap<(AreaId, Option<GroupId>), AcrossSums>,
    /// Targeted and reached.
    pub response: ResponseTable,
    /// Last year's figures.
    pub previous: PreviousTable,
    /// This year's beside them.
    pub changes: Vec<Change>,
    /// Recorded decisions.
    pub decisions: Decisions,
    /// Risks by rank.
    pub priorities: Vec<Priority>,
    /// Area x risk x pillar.
    pub matrix: BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount>,
    /// Cells and risks with a known phase.
    pub register: Vec<(CellId, RiskId)>,
    /// The account of cells.
    pub audit: Audit,
}

/// Runs the whole flow. `None` where an error stands among the findings: then there are no figures.
pub fn analyse(workbook: &Workbook, context: &Context, framework: &Framework) -> Checked<Option<Analysis>> {
    let mut found = Findings::default();
    let mut audit = Audit::default();
    let rules = found.keep(crate::framework::validate::adapted(framework, context));

    let sheets = found.keep(locate(workbook, context, &rules));
    if found.any_error() {
        return finish(found, context, None);
    }
    let areas = found.keep(read_areas(&sheets, context, &mut audit));
    let (cells, keyed) = found.keep(read_units(&sheets, &areas, context, &mut audit));
    let population = found.keep(read_population(&keyed, &cells, &areas, &mut audit));
    let observed = found.keep(observe(&keyed, &cells, &rules, &mut audit));
    let evidence = found.keep(read_evidence(&keyed, &population, cells.len(), &rules, &context.aors, &mut audit));
    let sectors = found.keep(read_sectors(&keyed, cells.len(), context, &mut audit));
    let previous = found.keep(read_previous(&keyed, context, &mut audit));
    let response = found.keep(read_response(&keyed, cells.len(), &context.aors, &mut audit));
    let decisions = found.keep(read_decisions(
        &keyed,
        Targets { cells: &cells, areas: &areas, population: &population, sectors: &sectors, aors: &context.aors, rules: &rules },
        &mut audit,
    ));
    account_for_tables(&sheets, &mut audit);
    check_people_are_known(&areas, &cells, &population, &observed, &evidence, &sectors, &response, &mut found);
    if found.any_error() {
        return finish(found, context, None);
    }

    let mut scored = score(&observed, &cells, &areas, &rules);
    decide_indicators(&decisions, &cells, &mut scored);
    let grounds =
        PhaseBasis { cells: &cells, observed: &observed, scored: &scored, evidence: &evidence, aors: &context.aors, rules: &rules };
    let severity = combine(grounds, &decisions);
    let basis = PeopleBasis {
        cells: &cells,
        areas: &areas,
        population: &population,
        evidence: &evidence,
        severity: &severity,
        rules: &rules,
        context,
    };
    let in_need = estimate(basis, &decisions);
    let rolled = roll_up(basis, &in_need, &response);
    let entering: Vec<Series> =
        context.aors.iter().map(|&aor| Series::Aor(aor)).filter(|series| !rules.people.derives_from_overall(*series)).collect();
    let mosaic_levels = at_every_level(&entering, basis, &in_need);
    let across = intersect(
        Across { cells: &cells, population: &population, sectors: &sectors, previous: &previous, rules: &rules.intersectoral },
        &decisions,
    );
    let across_sums = roll_up_across(basis, &across);
    let changes = compare_with_previous(&previous, basis, &in_need, &rolled, &sectors);
    let priorities = rank_risks(basis);
    let matrix = evidence_matrix(&cells, &observed, &scored, &evidence, &rules);
    let register = register(&cells, &severity, &rules);

    let series = std::iter::once(Series::Overall).chain(context.aors.iter().map(|&aor| Series::Aor(aor))).collect();
    let analysis = Analysis {
        rules: rules.clone(),
        aors: context.aors.clone(),
        series,
        areas,
        cells,
        population,
        observed,
        evidence,
        scored,
        severity,
        in_need,
        rolled,
        mosaic_levels,
        sectors,
        across,
        across_sums,
        response,
        previous,
        changes,
        decisions,
        priorities,
        matrix,
        register,
        audit,
    };
    found.append(check(&analysis));
    finish(found, context, Some(analysis))
}

/// The context may raise checks to errors; then nothing is written.
fn finish(mut found: Findings, context: &Context, analysis: Option<Analysis>) -> Checked<Option<Analysis>> {
    found.raise(&context.raised);
    found.sort();
    let sound = !found.any_error();
    let mut analysis = analysis.filter(|_| sound);
    if let Some(analysis) = &mut analysis {
        // What a column noted stands in order already, and this sort makes use of it.
        analysis.audit.entries.sort();
        analysis.audit.entries.dedup();
    }
    found.with(analysis)
}

/// Rows that were set aside enter the account with their first cell.
fn account_for_tables(sheets: &super::locate::Sheets<'_>, audit: &mut Audit) {
    for table in &sheets.tables {
        for &(row, why) in &table.set_aside {
            let column = table.sheet.row(row).and_then(|row| row.cells().next().map(|(column, _)| column)).unwrap_or(1);
            let cell = crate::diag::CellRef { sheet: table.sheet.name.clone(), row, column };
            audit.entries.push(super::audit::AuditEntry { cell, kind: super::audit::AuditKind::SetAside, detail: why.into() });
        }
    }
}

/// Figures and evidence need people (method, section 14.9). Evidence for an area above the unit of analysis stands
/// at that area and is not passed down (section 15.8).
#[expect(clippy::too_many_arguments, reason = "figures without people may stand in any table")]
fn check_people_are_known(
    areas: &AreaTree,
    cells: &CellTable,
    population: &PopulationTable,
    observed: &IndicatorTable,
    evidence: &EvidenceTable,
    sectors: &SectorTable,
    response: &ResponseTable,
    found: &mut Findings,
) {
    let mut peopled: std::collections::BTreeSet<(AreaId, &str)> = std::collections::BTreeSet::new();
    let mut above: std::collections::BTreeSet<AreaId> = std::collections::BTreeSet::new();
    for cell in cells.ids().filter(|&cell| population.of(cell).is_some()) {
        let area = cells.key(cell).area;
        peopled.insert((area, ""));
        peopled.insert((area, cells.key(cell).pocket.as_str()));
        above.extend(areas.path(area).skip(1));
    }
    let judged: std::collections::BTreeSet<CellId> =
        evidence.judgements.iter().map(|judgement| judgement.cell).chain(evidence.shares.keys().map(|(cell, _)| *cell)).collect();
    for cell in cells.ids().filter(|&cell| population.of(cell).is_none()) {
        let key = cells.key(cell);
        let slot = population.slots.total(cell);
        let slots: Vec<_> = std::iter::once(slot).chain(population.slots.leaves_of(cell).map(|(_, slot)| slot)).collect();
        let figures = slots.iter().any(|&slot| {
            Series::ALL
                .iter()
                .any(|&series| evidence.given_in_need(slot, series).is_some() || evidence.given_affected(slot, series).is_some())
        });
        let of_response =
            Series::ALL.iter().any(|&series| response.targeted(cell, series).is_some() || response.reached(cell, series).is_some());
        let of_sectors = sectors.in_need.iter().any(|column| column.get(cell.index()).is_some());
        let indicators = observed.columns.iter().any(|(_, _, column)| column.is_known(cell.index()));
        let phases = judged.contains(&cell) || Series::ALL.iter().any(|series| evidence.given_phase(cell, series.scope()).is_some());
        let place = population
            .places
            .get(&cell)
            .or_else(|| observed.rows.get(&cell))
            .or_else(|| sectors.listed.get(&cell))
            .cloned()
            .unwrap_or_default();
        let name = cells.name(areas, cell);
        if key.group.is_none() && peopled.contains(&(key.area, key.pocket.as_str())) {
            // Speaks for the whole area, or the whole pocket, around its groups.
        } else if figures || of_sectors || of_response {
            found.add(Code::MissingPopulation, place, format!("{name} has figures but no population"));
        } else if (indicators || phases) && above.contains(&key.area) {
            found.add(Code::EvidenceAbove, place, format!("{name} stands above the areas whose population is known"));
        } else if indicators || phases {
            found.add(Code::EvidenceWithoutPopulation, place, format!("{name} has evidence but no population"));
        } else if population.places.contains_key(&cell) {
            found.add(Code::GroupNotPresent, place, format!("{name} has neither people nor figures"));
        }
    }
}

/// A decision for a whole area holds for the groups that say nothing of the indicator (method, section 15.3).
fn decide_indicators(decisions: &Decisions, cells: &CellTable, scored: &mut ScoredTable) {
    for decision in decisions.list.iter().filter(|decision| decision.what == Decided::Phase) {
        if let (Scope::Indicator(indicator), Some(phase)) = (decision.scope, super::decide::phase_of(decision.new)) {
            let at = indicator.index();
            scored.phases.set(decision.cell.index(), at, phase.number());
            scored.inherited.set(decision.cell.index(), at, false);
            scored.decided.set(decision.cell.index(), at, true);
            for cell in cells.of_area(cells.key(decision.cell).area).filter(|&cell| cells.around(cell) == Some(decision.cell)) {
                let unknown = scored.phase(cell.index(), indicator).is_none();
                if unknown || scored.inherited.get(cell.index(), at) == Some(true) {
                    scored.phases.set(cell.index(), at, phase.number());
                    scored.inherited.set(cell.index(), at, true);
                    scored.decided.set(cell.index(), at, true);
                }
            }
        }
    }
}
