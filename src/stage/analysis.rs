//! The heart: from a workbook to an analysis, one stage after the other. Every stage's table is kept, so that what
//! comes later only reads.

use std::collections::BTreeMap;

use super::areas::{read_areas, tree_role};
use super::audit::Audit;
use super::cells::CellTable;
use super::change::{Change, compare_with_previous};
use super::check::check;
use super::composition::check_composition;
use super::decide::{Decided, Decision, Decisions, OldValue, Targets, read_decisions};
use super::evidence::{EvidenceTable, households_speaking, read_evidence, series_of};
use super::gazetteer::check_gazetteer;
use super::intersectoral::{IntersectoralTable, intersect};
use super::kin::check_kin;
use super::ledger::{Counted, Ledger, account};
use super::locate::locate;
use super::measures::check_measures;
use super::missing_cells::account_for_missing;
use super::mosaic::{MosaicLevels, at_every_level};
use super::observe::{IndicatorTable, check_counts, observe};
use super::people::{PeopleBasis, PinTable, estimate};
use super::population::{PopulationTable, read_population};
use super::presence::{Read, areas_without_people, check_people_are_known};
use super::previous::{PreviousTable, read_previous};
use super::priority::{EvidenceCount, Priority, evidence_matrix, rank_risks, register};
use super::ranges::{RangeBasis, RangeTable, ranges};
use super::read_row::set_aside;
use super::response::{ResponseTable, read_response};
use super::rollup::{RolledTable, roll_up};
use super::rollup_across::{RolledAcross, roll_up_across};
use super::rule_names::check_rule_names;
use super::score::{ScoredTable, score};
use super::sectors::{Across, SectorTable, read_sectors};
use super::severity::{PhaseBasis, SeverityTable, combine};
use super::survey::estimates::{SurveyEstimates, estimate_survey};
use super::survey::phases::{HouseholdPhases, score_households};
use super::survey::{SurveyTable, read_survey};
use super::survey_marks::{MarksTable, survey_marks};
use super::totals::compare_totals;
use super::touched::{Touched, touched};
use super::units::{RowUnits, read_units};
use super::wholes::Stated;
use crate::diag::{Checked, Code, Findings, Level};
use crate::domain::id::Id;
use crate::domain::{Aor, AreaId, AreaTree, CellId, PafPillar, Phase, RiskId, Scope, Series};
use crate::framework::files::RoleName;
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
    /// Households that were asked.
    pub survey: SurveyTable,
    /// Their phases.
    pub households: HouseholdPhases,
    /// What they say of areas and groups.
    pub estimates: SurveyEstimates,
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
    /// How far sums that rest on households may lie.
    pub ranges: RangeTable,
    /// Overall with the highest taken at each level.
    pub mosaic_levels: MosaicLevels,
    /// What the sectors found.
    pub sectors: SectorTable,
    /// The step across sectors.
    pub across: IntersectoralTable,
    /// Its sums per area and group.
    pub rolled_across: RolledAcross,
    /// Targeted and reached.
    pub response: ResponseTable,
    /// Last year's figures.
    pub previous: PreviousTable,
    /// This year's beside them.
    pub changes: Vec<Change>,
    /// Recorded decisions.
    pub decisions: Decisions,
    /// What they changed, and what rests on it.
    pub touched: Touched,
    /// What has to be known of households beside what rests on them.
    pub marks: MarksTable,
    /// Risks by rank.
    pub priorities: Vec<Priority>,
    /// Area x risk x pillar.
    pub matrix: BTreeMap<(AreaId, RiskId, PafPillar), EvidenceCount>,
    /// Cells and risks with a known phase.
    pub register: Vec<(CellId, RiskId)>,
    /// The account of cells.
    pub audit: Audit,
    /// What became of every row and of all people.
    pub ledger: Ledger,
    /// For which area and group each row of the input speaks.
    pub row_units: RowUnits,
}

impl Analysis {
    /// The tables of affected people and of the response.
    pub fn stated(&self) -> Stated<'_> {
        let Self { population, evidence, in_need, response, rules, .. } = self;
        Stated { population, evidence, in_need, response, rules }
    }

    /// What ranges of people in need are made of.
    pub fn range_basis(&self) -> RangeBasis<'_> {
        let Self { cells, areas, population, evidence, rules, in_need, households, estimates, .. } = self;
        RangeBasis { cells, areas, population, evidence, rules, in_need, households, estimates }
    }

    /// What the rule gave for a figure before this decision changed it; `None` if the decision was not applied.
    pub fn before(&self, decision: &Decision) -> Option<OldValue> {
        let cell = decision.cell;
        let phase = |phase: &Option<Phase>| OldValue(phase.map(Phase::to_decimal));
        match (decision.scope, decision.what) {
            (Scope::Intersectoral, what) => self.across.before.get(&(cell, what)).copied(),
            (Scope::Indicator(indicator), _) => self.scored.before.get(&(cell, indicator)).map(phase),
            (scope, Decided::Phase) => self.severity.before.get(&(cell, scope)).map(phase),
            (scope, what) => {
                let people = self.in_need.before.get(&(cell, series_of(scope)?, what));
                people.map(|people| OldValue(people.map(|people| people.0)))
            }
        }
    }
}

/// Runs the whole flow. `None` where an error stands among the findings: then there are no figures.
pub fn analyse(workbook: &Workbook, context: &Context, framework: &Framework) -> Checked<Option<Analysis>> {
    let mut found = Findings::default();
    let mut audit = Audit::default();
    let rules = found.keep(crate::framework::validate::adapted(framework, context));

    let sheets = found.keep(locate(workbook, context, &rules));
    // Tables without people make no figures, and what stands wrong in them can be said all the same.
    let without_people = sheets.of(RoleName::Population).next().is_none();
    let only_people_lack =
        without_people && found.count(Level::Error) == 1 && found.iter().any(|finding| finding.code == Code::NoPopulation);
    if found.any_error() && !only_people_lack {
        return finish(found, context, None);
    }
    let areas = found.keep(read_areas(&sheets, context, &mut audit));
    let (cells, keyed) = found.keep(read_units(&sheets, &areas, context, &mut audit));
    let population = found.keep(read_population(&keyed, &cells, &areas, &mut audit));
    found.append(check_measures(&keyed, &mut audit));
    found.append(check_composition(&keyed, &mut audit));
    found.append(compare_totals(&keyed, &population, &cells, &areas));
    // A tree that is not sound is no measure.
    if !found.any_error() {
        found.append(check_kin(&keyed, &cells, &areas, tree_role(&sheets)));
    }
    if let Some(gazetteer) = context.gazetteer.as_ref().filter(|_| !found.any_error()) {
        found.append(check_gazetteer(&areas, gazetteer, &context.country));
    }
    let observed = found.keep(observe(&keyed, &cells, &rules, &mut audit));
    let survey = found.keep(read_survey(&keyed, &cells, &areas, &rules, &mut audit));
    found.append(check_counts(&keyed, &observed, &population, &rules));
    let mut evidence = found.keep(read_evidence(&keyed, &population, cells.len(), &rules, &context.aors, &mut audit));
    let sectors = found.keep(read_sectors(&keyed, cells.len(), context, &mut audit));
    let previous = found.keep(read_previous(&keyed, context, &mut audit));
    let response = found.keep(read_response(&keyed, cells.len(), &context.aors, &mut audit));
    let decisions = found.keep(read_decisions(
        &keyed,
        Targets { cells: &cells, areas: &areas, population: &population, sectors: &sectors, aors: &context.aors, rules: &rules },
        &mut audit,
    ));
    if workbook.is_one_table() || without_people {
        // Whether people are known for it, the other tables would say.
        return finish(found, context, None);
    }
    found.append(check_rule_names(&rules, context, &areas, &cells, &population.slots));
    account_for_tables(&sheets, &mut audit);
    account_for_missing(&sheets, &mut audit);
    found.append(check_people_are_known(Read {
        areas: &areas,
        cells: &cells,
        population: &population,
        observed: &observed,
        survey: &survey,
        fall_back: rules.survey.fall_back,
        evidence: &evidence,
        sectors: &sectors,
        previous: &previous,
        response: &response,
    }));
    if found.any_error() {
        return finish(found, context, None);
    }

    found.append(areas_without_people(&areas, &cells, &population));
    let mut scored = score(&observed, &cells, &areas, &rules);
    decide_indicators(&decisions, &cells, &mut scored);
    let households = score_households(&survey, &cells, &areas, &rules, &context.aors);
    let estimates = estimate_survey(&survey, &households, &cells, &areas, &rules);
    evidence.households = households_speaking(&estimates, &cells, &areas, &population, &rules);
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
    let on = RangeBasis {
        cells: &cells,
        areas: &areas,
        population: &population,
        evidence: &evidence,
        rules: &rules,
        in_need: &in_need,
        households: &households,
        estimates: &estimates,
    };
    let ranges = ranges(on, &rolled);
    let in_play: Vec<Series> = context.aors.iter().map(|&aor| Series::Aor(aor)).collect();
    let mosaic_levels = at_every_level(&in_play, basis, &in_need, &rolled.wholes);
    let across = intersect(
        Across { cells: &cells, population: &population, sectors: &sectors, previous: &previous, rules: &rules.intersectoral },
        &decisions,
    );
    let rolled_across = roll_up_across(basis, &across);
    let changes = compare_with_previous(&previous, basis, &in_need, &rolled, &sectors);
    let priorities = rank_risks(basis);
    let matrix = evidence_matrix(&cells, &observed, &scored, &evidence, &rules);
    let register = register(&cells, &severity, &rules);

    let series = std::iter::once(Series::Overall).chain(context.aors.iter().map(|&aor| Series::Aor(aor))).collect();
    let mut analysis = Analysis {
        rules: rules.clone(),
        aors: context.aors.clone(),
        series,
        areas,
        cells,
        population,
        observed,
        survey,
        households,
        estimates,
        evidence,
        scored,
        severity,
        in_need,
        rolled,
        ranges,
        mosaic_levels,
        sectors,
        across,
        rolled_across,
        response,
        previous,
        changes,
        decisions,
        touched: Touched::default(),
        marks: MarksTable::default(),
        priorities,
        matrix,
        register,
        audit,
        ledger: Ledger::default(),
        row_units: keyed.row_units(),
    };
    analysis.touched = touched(&analysis);
    analysis.marks = survey_marks(&analysis);
    found.append(check(&analysis));
    // What a column noted stands in order already, and this sort makes use of it.
    analysis.audit.entries.sort();
    analysis.audit.entries.dedup();
    let Analysis { cells, population, in_need, audit, .. } = &analysis;
    let (ledger, lost) = account(&sheets, &workbook.unread, Counted { cells, population, in_need }, audit);
    analysis.ledger = ledger;
    found.append(lost);
    finish(found, context, Some(analysis))
}

/// The context may raise checks to errors; then nothing is written.
fn finish(mut found: Findings, context: &Context, analysis: Option<Analysis>) -> Checked<Option<Analysis>> {
    found.raise(&context.raised);
    found.sort();
    let sound = !found.any_error();
    let analysis = analysis.filter(|_| sound);
    found.with(analysis)
}

/// Rows that were set aside where the tables stand enter the account.
fn account_for_tables(sheets: &super::locate::Sheets<'_>, audit: &mut Audit) {
    for table in &sheets.tables {
        for &(row, why) in &table.set_aside {
            set_aside(table, row, why, audit);
        }
    }
    audit.sort_rows();
}

/// A decision for a whole area holds for the groups that say nothing of the indicator (method, section 15.3).
fn decide_indicators(decisions: &Decisions, cells: &CellTable, scored: &mut ScoredTable) {
    let on_phases = || decisions.list.iter().filter(|decision| decision.what == Decided::Phase);
    // What the rule gave, before a decision on the whole area has reached its groups.
    for decision in on_phases() {
        if let Scope::Indicator(indicator) = decision.scope {
            scored.before.insert((decision.cell, indicator), scored.phase(decision.cell.index(), indicator));
        }
    }
    for decision in on_phases() {
        if let (Scope::Indicator(indicator), Some(phase)) = (decision.scope, Phase::from_decimal(decision.new)) {
            let at = indicator.index();
            scored.phases.set(decision.cell.index(), at, phase.number());
            scored.inherited.set(decision.cell.index(), at, false);
            scored.decided.set(decision.cell.index(), at, true);
            let takes =
                |cell: CellId| scored.phase(cell.index(), indicator).is_none() || scored.inherited.get(cell.index(), at) == Some(true);
            for cell in cells.taking_from(decision.cell, takes) {
                scored.phases.set(cell.index(), at, phase.number());
                scored.inherited.set(cell.index(), at, true);
                scored.decided.set(cell.index(), at, true);
            }
        }
    }
}
