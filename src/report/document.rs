//! `analysis.json`: the whole analysis for programs, written row by row as it is serialised.

use schemars::JsonSchema;
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::build::Report;
use super::provenance::Provenance;
use crate::domain::id::Id;
use crate::domain::{Confidence, Decimal, People, Phase};
use crate::stage::Analysis;

/// What the file holds.
#[derive(serde::Serialize)]
pub struct Document<'a> {
    format: u32,
    provenance: ProvenanceDoc<'a>,
    framework: FrameworkDoc,
    context: ContextDoc<'a>,
    mosaic_levels: MosaicDoc<'a>,
    figures: Rows<'a, FigureDoc<'a>>,
    severity: Rows<'a, SeverityDoc<'a>>,
    intersectoral: Rows<'a, UnitDoc<'a>>,
    sources: Rows<'a, SourceDoc<'a>>,
    changes: Rows<'a, ChangeDoc<'a>>,
    priorities: Rows<'a, PriorityDoc<'a>>,
    evidence: Rows<'a, EvidenceDoc<'a>>,
    register: Rows<'a, RegisterDoc<'a>>,
    judgements: Rows<'a, JudgementDoc<'a>>,
    decisions: Rows<'a, DecisionDoc<'a>>,
    findings: Rows<'a, FindingDoc<'a>>,
}

/// Rows that are made while they are written.
struct Rows<'a, T> {
    make: Box<dyn Fn() -> Box<dyn Iterator<Item = T> + 'a> + 'a>,
}

impl<T: serde::Serialize> Serialize for Rows<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for row in (self.make)() {
            list.serialize_element(&row)?;
        }
        list.end()
    }
}

macro_rules! docs {
    ($($(#[$doc:meta])* $name:ident$(<$life:lifetime>)? { $($field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(serde::Serialize, JsonSchema)]
        struct $name$(<$life>)? { $($field: $kind,)* }
    )*};
}

docs! {
    /// What the figures rest on; no path of a machine.
    ProvenanceDoc<'a> {
        engine: &'a str, framework: DigestDoc<'a>, context: Option<FileDoc<'a>>, inputs: Vec<FileDoc<'a>>, as_of: Option<&'a str>, changes: Vec<PartDoc<'a>>,
    }
    /// The framework that was read; `sha256` is the digest of its files.
    DigestDoc<'a> { id: &'a str, version: &'a str, sha256: &'a str, }
    /// A file that was read: its name without folders, and its digest.
    FileDoc<'a> { file: &'a str, sha256: &'a str, }
    /// What the context changed in the framework, and why.
    PartDoc<'a> { part: &'a str, why: &'a str, }
    /// The framework in force.
    FrameworkDoc { id: String, version: String, title: String, source: String, }
    /// The country's year.
    ContextDoc<'a> { country: &'a str, name: &'a str, cycle: &'a str, as_of: Option<&'a str>, }
    /// Overall in need with the highest taken at each level.
    MosaicDoc<'a> { group: f64, area: f64, country: f64, sum: f64, mark: &'a str, }
    /// A figure; see figures.csv.
    FigureDoc<'a> {
        pcode: &'a str, level: u8, pocket: &'a str, group: &'a str, sex: &'a str, age: &'a str, scope: &'a str, code: &'a str, population: Option<f64>,
        affected: Option<f64>, in_need: Option<f64>, phase: Option<u8>, coverage: Option<f64>, method: &'a str, mosaic: &'a str, targeted: Option<f64>,
        reached: Option<f64>, mark: std::borrow::Cow<'a, str>,
    }
    /// A phase; see severity.csv.
    SeverityDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, scope: &'a str, code: &'a str, phase: Option<u8>, coverage: Option<f64>, method: &'a str, mark: &'a str,
    }
    /// A unit of the step across sectors.
    UnitDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, population: Option<f64>, severity_preliminary: Option<u8>, severity_final: Option<u8>,
        known_sectors: usize, low_coverage: bool, sector_phases: std::collections::BTreeMap<&'a str, Option<u8>>,
        sector_in_need: std::collections::BTreeMap<&'a str, Option<f64>>, outcomes: OutcomesDoc, places: Vec<PlaceDoc<'a>>, severity_flags: Vec<&'a str>,
        in_need_flags: Vec<&'a str>, in_need_preliminary: Option<f64>, in_need_final: Option<f64>, targeted: Option<f64>, prioritised: Option<f64>,
        mark: &'a str,
    }
    /// Severities of the outcome indicators.
    OutcomesDoc {
        mortality: Option<f64>, malnutrition: Option<f64>, epidemics: Option<f64>, livelihood_coping: Option<f64>, hr_ihl_violations: Option<f64>,
    }
    /// A place in the order of sectors' people in need; `difference` is (first - this) / this.
    PlaceDoc<'a> { in_need: f64, sectors: Vec<&'a str>, share_of_population: Option<f64>, difference: Option<f64>, }
    /// Where a figure that was given, or the shares that it rests on, come from.
    SourceDoc<'a> { pcode: &'a str, pocket: &'a str, group: &'a str, code: &'a str, method: &'a str, source: String, }
    /// A figure beside last year's.
    ChangeDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, scope: &'a str, code: &'a str, figure: &'a str, old: f64, new: Option<f64>, change: Option<f64>,
        status: &'a str, mark: &'a str,
    }
    /// A risk by rank.
    PriorityDoc<'a> {
        rank: usize, risk: &'a str, name: &'a str, people_in_phase_4: f64, people_in_phase_3: f64, areas_in_phase_4: usize, areas_in_phase_3: usize,
        people_assessed: f64, mark: &'a str,
    }
    /// On what a finding rests.
    EvidenceDoc<'a> {
        pcode: &'a str, risk: &'a str, pillar: &'a str, indicators: usize, missing: usize, judgements: usize, shares: usize, sources: Vec<&'a str>,
        dates: Vec<&'a str>,
    }
    /// A row of the risk register.
    RegisterDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, risk: &'a str, phase: Option<u8>, vocabulary: &'a str, method: &'a str, confidence: &'a str,
        threat: &'a str, effects: &'a str, capacities: &'a str, reason: &'a str, evidence: &'a str, decided_by: &'a str, date: &'a str,
        mark: &'a str,
    }
    /// A judgement; `used` where the phase of its own area and group is that of the judgement.
    JudgementDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, scope: &'a str, code: String, phase: Option<u8>, used: bool, confidence: &'a str,
        threat: &'a str, effects: &'a str, capacities: &'a str, reason: &'a str, evidence: &'a str, decided_by: &'a str, date: &'a str,
        place: String,
    }
    /// A decision.
    DecisionDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, scope: &'a str, code: String, what: &'a str, old: Option<f64>, new: f64, reason: &'a str,
        evidence: &'a str, decided_by: &'a str, date: &'a str, place: String,
    }
    /// A finding.
    FindingDoc<'a> { code: &'a str, level: &'a str, sheet: &'a str, cell: String, figure: &'a str, message: &'a str, help: &'a str, }
}

/// The shape of the whole file, for its schema.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used; `Document` writes the same fields row by row")]
struct DocumentShape<'a> {
    format: u32,
    provenance: ProvenanceDoc<'a>,
    framework: FrameworkDoc,
    context: ContextDoc<'a>,
    mosaic_levels: MosaicDoc<'a>,
    figures: Vec<FigureDoc<'a>>,
    severity: Vec<SeverityDoc<'a>>,
    intersectoral: Vec<UnitDoc<'a>>,
    sources: Vec<SourceDoc<'a>>,
    changes: Vec<ChangeDoc<'a>>,
    priorities: Vec<PriorityDoc<'a>>,
    evidence: Vec<EvidenceDoc<'a>>,
    register: Vec<RegisterDoc<'a>>,
    judgements: Vec<JudgementDoc<'a>>,
    decisions: Vec<DecisionDoc<'a>>,
    findings: Vec<FindingDoc<'a>>,
}

/// The JSON Schema of `analysis.json`.
pub fn schema_text() -> String {
    let schema = schemars::generate::SchemaSettings::draft07().into_generator().into_root_schema_for::<DocumentShape<'static>>();
    let mut text = serde_json::to_string_pretty(&schema.to_value()).unwrap_or_default();
    text.push('\n');
    text
}

fn number(people: Option<People>) -> Option<f64> {
    people.map(People::to_f64)
}

fn phase(phase: Option<Phase>) -> Option<u8> {
    phase.map(Phase::number)
}

fn rows<'a, T: 'a, I: Iterator<Item = T> + 'a>(make: impl Fn() -> I + 'a) -> Rows<'a, T> {
    Rows { make: Box::new(move || Box::new(make())) }
}

/// The document of a report.
pub fn document<'a>(report: &'a Report<'a>) -> Document<'a> {
    let analysis = report.analysis;
    let rules = &analysis.rules;
    let levels = analysis.mosaic_levels;
    Document {
        format: 1,
        provenance: provenance(report.provenance),
        framework: FrameworkDoc {
            id: rules.id.clone(),
            version: rules.version.clone(),
            title: rules.title.clone(),
            source: rules.source.clone(),
        },
        context: ContextDoc {
            country: &report.context.country,
            name: &report.context.name,
            cycle: &report.context.cycle,
            as_of: report.context.as_of.as_deref(),
        },
        mosaic_levels: MosaicDoc {
            group: levels.group.to_f64(),
            area: levels.area.to_f64(),
            country: levels.country.to_f64(),
            sum: levels.sum.to_f64(),
            mark: super::pin::touch_of_aors(analysis).word(),
        },
        figures: rows(move || figures(analysis)),
        severity: rows(move || severity(analysis)),
        intersectoral: rows(move || analysis.across.units.iter().map(move |of| unit(analysis, of))),
        sources: rows(move || sources(analysis)),
        changes: rows(move || changes(analysis)),
        priorities: rows(move || priorities(analysis, &report.context.language)),
        evidence: rows(move || evidence(analysis)),
        register: rows(move || register(analysis)),
        judgements: rows(move || judgements(analysis)),
        decisions: rows(move || decisions(analysis)),
        findings: rows(move || findings(report)),
    }
}

fn provenance(of: &Provenance) -> ProvenanceDoc<'_> {
    fn file((file, sha256): &(String, String)) -> FileDoc<'_> {
        FileDoc { file, sha256 }
    }
    let (id, version, sha256) = &of.framework;
    ProvenanceDoc {
        engine: &of.engine,
        framework: DigestDoc { id, version, sha256 },
        context: of.context.as_ref().map(file),
        inputs: of.inputs.iter().map(file).collect(),
        as_of: Some(of.as_of.as_str()).filter(|date| !date.is_empty()),
        changes: of.changes.iter().map(|(part, why)| PartDoc { part, why }).collect(),
    }
}

/// Figures of people; the phases of risks and indicators stand under `severity`.
fn figures(analysis: &Analysis) -> impl Iterator<Item = FigureDoc<'_>> {
    super::figures::figures(analysis).filter(|row| !matches!(row.scope, "risk" | "indicator")).map(|row| FigureDoc {
        pcode: row.pcode,
        level: row.level,
        pocket: row.pocket,
        group: row.group,
        sex: row.sex,
        age: row.age,
        scope: row.scope,
        code: row.code,
        population: number(row.population),
        affected: number(row.affected),
        in_need: number(row.in_need),
        phase: phase(row.phase),
        coverage: row.coverage.map(Decimal::to_f64),
        method: row.method,
        mosaic: row.mosaic,
        targeted: number(row.targeted),
        reached: number(row.reached),
        mark: row.marks(),
    })
}

/// Area, pocket and group of a cell.
fn keys(analysis: &Analysis, cell: crate::domain::CellId) -> (&str, &str, &str) {
    let key = analysis.cells.key(cell);
    (analysis.areas.get(key.area).pcode.as_str(), &key.pocket, analysis.cells.group_code(key.group))
}

fn severity(analysis: &Analysis) -> impl Iterator<Item = SeverityDoc<'_>> {
    super::severity::units(analysis).flat_map(|cell| super::severity::rows_of(analysis, cell)).map(|row| {
        let (pcode, pocket, group) = keys(analysis, row.cell);
        SeverityDoc {
            pcode,
            pocket,
            group,
            scope: row.scope,
            code: row.code,
            phase: phase(row.phase),
            coverage: row.coverage.map(Decimal::to_f64),
            method: row.method,
            mark: row.marks(),
        }
    })
}

fn unit<'a>(analysis: &'a Analysis, unit: &'a crate::stage::intersectoral::Unit) -> UnitDoc<'a> {
    let (pcode, pocket, group) = keys(analysis, unit.cell);
    let codes = &analysis.previous.sector_codes;
    let code = |at: usize| codes.get(at).map_or("", String::as_str);
    let first = unit.places.first().map(|place| place.people);
    let places = unit.places.iter().map(|place| PlaceDoc {
        in_need: place.people.to_f64(),
        sectors: place.sectors.iter().map(|sector| code(sector.index())).collect(),
        share_of_population: unit.population.and_then(|people| place.people.share_of(people)).map(|share| share.0.to_f64()),
        difference: first.and_then(|first| (first - place.people).share_of(place.people)).map(|share| share.0.to_f64()),
    });
    let outcomes = unit.outcomes;
    UnitDoc {
        pcode,
        pocket,
        group,
        population: number(unit.population),
        severity_preliminary: phase(unit.severity_preliminary),
        severity_final: phase(unit.severity_final),
        known_sectors: unit.known,
        low_coverage: unit.low_coverage,
        sector_phases: unit.phases.entries().map(|(sector, of)| (code(sector.index()), phase(*of))).collect(),
        sector_in_need: unit.people.entries().map(|(sector, of)| (code(sector.index()), number(*of))).collect(),
        outcomes: OutcomesDoc {
            mortality: outcomes.mortality,
            malnutrition: outcomes.malnutrition,
            epidemics: outcomes.epidemics,
            livelihood_coping: outcomes.livelihood_coping,
            hr_ihl_violations: outcomes.hr_ihl_violations,
        },
        places: places.collect(),
        severity_flags: unit.severity_flags.clone(),
        in_need_flags: unit.in_need_flags.clone(),
        in_need_preliminary: number(unit.in_need_preliminary),
        in_need_final: number(unit.in_need_final),
        targeted: number(unit.targeted),
        prioritised: number(unit.prioritised),
        mark: super::sectors::marks(analysis, unit),
    }
}

fn sources(analysis: &Analysis) -> impl Iterator<Item = SourceDoc<'_>> {
    let units = analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell));
    let pairs = units.flat_map(|cell| analysis.series.iter().map(move |&series| (cell, series)));
    pairs.filter_map(|(cell, series)| {
        let source = super::pin::source(analysis, cell, series);
        let (pcode, _, group) = keys(analysis, cell);
        let pocket = super::pin::pocket_shown(analysis, cell);
        let method = analysis.in_need.method(analysis.population.slots.total(cell), series).word();
        (!source.is_empty()).then(|| SourceDoc { pcode, pocket, group, code: series.code(), method, source })
    })
}

fn changes(analysis: &Analysis) -> impl Iterator<Item = ChangeDoc<'_>> {
    analysis.changes.iter().map(|change| {
        let (pcode, _, group) = keys(analysis, change.cell);
        let pocket = super::pin::pocket_shown(analysis, change.cell);
        let (scope, code) = super::trend::scope_and_code(analysis, change);
        ChangeDoc {
            pcode,
            pocket,
            group,
            scope,
            code,
            figure: if change.is_phase { "phase" } else { "in-need" },
            old: change.old.to_f64(),
            new: change.new.map(Decimal::to_f64),
            change: change.change.map(Decimal::to_f64),
            status: change.status.word(),
            mark: super::trend::mark(analysis, change),
        }
    })
}

fn priorities<'a>(analysis: &'a Analysis, language: &'a str) -> impl Iterator<Item = PriorityDoc<'a>> {
    analysis.priorities.iter().enumerate().map(move |(at, priority)| {
        let risk = &analysis.rules.risks[priority.risk];
        PriorityDoc {
            rank: at + 1,
            risk: &risk.code,
            name: risk.name(language),
            people_in_phase_4: priority.people_in_phase_4.to_f64(),
            people_in_phase_3: priority.people_in_phase_3.to_f64(),
            areas_in_phase_4: priority.areas_in_phase_4,
            areas_in_phase_3: priority.areas_in_phase_3,
            people_assessed: priority.people_assessed.to_f64(),
            mark: analysis.touched.phases_anywhere(crate::domain::Scope::Risk(priority.risk)).word(),
        }
    })
}

fn evidence(analysis: &Analysis) -> impl Iterator<Item = EvidenceDoc<'_>> {
    analysis.matrix.iter().map(|((area, risk, pillar), count)| EvidenceDoc {
        pcode: analysis.areas.get(*area).pcode.as_str(),
        risk: &analysis.rules.risks[*risk].code,
        pillar: pillar.letter(),
        indicators: count.indicators,
        missing: count.missing,
        judgements: count.judgements,
        shares: count.shares,
        sources: count.sources.iter().map(|word| &**word).collect(),
        dates: count.dates.iter().map(|word| &**word).collect(),
    })
}

fn register(analysis: &Analysis) -> impl Iterator<Item = RegisterDoc<'_>> {
    analysis.register.iter().map(|&(cell, risk)| {
        let (pcode, pocket, group) = keys(analysis, cell);
        let scope = crate::domain::Scope::Risk(risk);
        let judged = analysis.severity.get(cell, scope);
        let judgement = super::evidence::judgement_on(analysis, cell, scope);
        let text = |of: fn(&crate::stage::evidence::Judgement) -> &String| judgement.map_or("", |judgement| of(judgement));
        RegisterDoc {
            pcode,
            pocket,
            group,
            risk: &analysis.rules.risks[risk].code,
            phase: phase(judged.phase),
            vocabulary: "JIAF 1-5",
            method: super::figures::evidence_word(&judged),
            confidence: judgement.and_then(|judgement| judgement.confidence).map_or("", Confidence::word),
            threat: text(|judgement| &judgement.threat),
            effects: text(|judgement| &judgement.effects),
            capacities: text(|judgement| &judgement.capacities),
            reason: text(|judgement| &judgement.reason),
            evidence: text(|judgement| &judgement.evidence),
            decided_by: text(|judgement| &judgement.decided_by),
            date: text(|judgement| &judgement.date),
            mark: analysis.touched.phase(cell, crate::domain::Scope::Risk(risk)).word(),
        }
    })
}

fn judgements(analysis: &Analysis) -> impl Iterator<Item = JudgementDoc<'_>> {
    analysis.evidence.judgements.iter().map(|judgement| {
        let (pcode, pocket, group) = keys(analysis, judgement.cell);
        JudgementDoc {
            pcode,
            pocket,
            group,
            scope: judgement.scope.word(),
            code: super::decisions::scope_code(analysis, judgement.scope),
            phase: phase(judgement.phase),
            used: super::judgements::is_used(analysis, judgement),
            confidence: judgement.confidence.map_or("", Confidence::word),
            threat: &judgement.threat,
            effects: &judgement.effects,
            capacities: &judgement.capacities,
            reason: &judgement.reason,
            evidence: &judgement.evidence,
            decided_by: &judgement.decided_by,
            date: &judgement.date,
            place: judgement.place.to_string(),
        }
    })
}

fn decisions(analysis: &Analysis) -> impl Iterator<Item = DecisionDoc<'_>> {
    super::decisions::all(analysis).map(|decision| {
        let (pcode, pocket, group) = keys(analysis, decision.cell);
        DecisionDoc {
            pcode,
            pocket,
            group,
            scope: decision.scope.word(),
            code: super::decisions::scope_code(analysis, decision.scope),
            what: decision.what.word(),
            old: decision.old.0.map(Decimal::to_f64),
            new: decision.new.to_f64(),
            reason: &decision.reason,
            evidence: &decision.evidence,
            decided_by: &decision.decided_by,
            date: &decision.date,
            place: decision.place.to_string(),
        }
    })
}

fn findings<'a>(report: &'a Report<'a>) -> impl Iterator<Item = FindingDoc<'a>> {
    report.findings.iter().map(|finding| FindingDoc {
        code: finding.code.id(),
        level: finding.level.word(),
        sheet: finding.place.sheet(),
        cell: finding.place.cell(),
        figure: finding.place.figure(),
        message: &finding.message,
        help: finding.code.help(),
    })
}
