//! `analysis.json`: the whole analysis for programs, written row by row as it is serialised.

mod rows;

use schemars::JsonSchema;
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::domain::{People, Phase};
use crate::report::build::Report;
use crate::report::provenance::Provenance;
use crate::stage::ledger::{Ledger, TableAccount};
use crate::stage::touched;

/// What the file holds.
#[derive(serde::Serialize)]
pub struct Document<'a> {
    format: u32,
    provenance: ProvenanceDoc<'a>,
    framework: FrameworkDoc,
    context: ContextDoc<'a>,
    account: AccountDoc<'a>,
    mosaic_levels: MosaicDoc<'a>,
    figures: Rows<'a, FigureDoc<'a>>,
    survey: Rows<'a, EstimateDoc<'a>>,
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
    /// What became of the rows and the people of the input.
    AccountDoc<'a> { tables: Vec<TableDoc<'a>>, people: PeopleDoc, cells_missing: usize, cells_read_as_meant: usize, sheets_not_read: Vec<&'a str>, }
    /// What became of the rows of a table.
    TableDoc<'a> { table: &'a str, sheet: &'a str, read: usize, used: usize, set_aside: Vec<AsideDoc<'a>>, }
    /// Rows that do not count, and why.
    AsideDoc<'a> { why: &'a str, rows: &'a [u32], }
    /// What became of the people.
    PeopleDoc {
        read: f64, assessed: f64, not_assessed: f64, stated_again: f64, parts_of_totals: f64, with_disabilities: f64, set_aside: f64,
    }
    /// Overall in need with the highest taken at each level.
    MosaicDoc<'a> { group: f64, area: f64, country: f64, sum: f64, mark: &'a str, }
    /// A figure; see figures.csv.
    FigureDoc<'a> {
        pcode: &'a str, level: u8, pocket: &'a str, group: &'a str, sex: &'a str, age: &'a str, scope: &'a str, code: &'a str, population: Option<f64>,
        affected: Option<f64>, in_need: Option<f64>, in_need_low: Option<f64>, in_need_high: Option<f64>, phase: Option<u8>, coverage: Option<f64>,
        households: Option<usize>, method: &'a str, mosaic: &'a str, targeted: Option<f64>, reached: Option<f64>, mark: std::borrow::Cow<'a, str>,
    }
    /// What households say of an area, or of a group or pocket in it, in one scope. Shares from a phase on stand by that phase,
    /// 2 to 5.
    EstimateDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, scope: &'a str, code: &'a str, asked: usize, known: usize, effective: f64, weight: f64,
        clusters: usize, strata: usize, degrees_of_freedom: usize, design_effect: Option<f64>, in_phase: Vec<ShareDoc>, in_or_worse: Vec<ShareDoc>,
        likelihood: Option<[f64; 5]>, mark: String,
    }
    /// A share, its standard error and its interval.
    ShareDoc { phase: u8, share: f64, error: f64, low: Option<f64>, high: Option<f64>, }
    /// A phase; see severity.csv.
    SeverityDoc<'a> {
        pcode: &'a str, pocket: &'a str, group: &'a str, scope: &'a str, code: &'a str, phase: Option<u8>, coverage: Option<f64>, method: &'a str, mark: std::borrow::Cow<'a, str>,
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
    account: AccountDoc<'a>,
    mosaic_levels: MosaicDoc<'a>,
    figures: Vec<FigureDoc<'a>>,
    survey: Vec<EstimateDoc<'a>>,
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

fn streamed<'a, T: 'a, I: Iterator<Item = T> + 'a>(make: impl Fn() -> I + 'a) -> Rows<'a, T> {
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
        account: account(&analysis.ledger),
        mosaic_levels: MosaicDoc {
            group: levels.group.to_f64(),
            area: levels.area.to_f64(),
            country: levels.country.to_f64(),
            sum: levels.sum.to_f64(),
            mark: touched::of_aors(analysis).word(),
        },
        figures: streamed(move || rows::figures(analysis)),
        survey: streamed(move || rows::survey(analysis)),
        severity: streamed(move || rows::severity(analysis)),
        intersectoral: streamed(move || analysis.across.units.iter().map(move |of| rows::unit(analysis, of))),
        sources: streamed(move || rows::sources(analysis)),
        changes: streamed(move || rows::changes(analysis)),
        priorities: streamed(move || rows::priorities(analysis, &report.context.language)),
        evidence: streamed(move || rows::evidence(analysis)),
        register: streamed(move || rows::register(analysis)),
        judgements: streamed(move || rows::judgements(analysis)),
        decisions: streamed(move || rows::decisions(analysis)),
        findings: streamed(move || rows::findings(report)),
    }
}

fn account(ledger: &Ledger) -> AccountDoc<'_> {
    let people = &ledger.people;
    AccountDoc {
        tables: ledger.tables.iter().map(table_account).collect(),
        people: PeopleDoc {
            read: people.read.to_f64(),
            assessed: people.assessed.to_f64(),
            not_assessed: people.not_assessed.to_f64(),
            stated_again: people.stated_again.to_f64(),
            parts_of_totals: people.parts_of_totals.to_f64(),
            with_disabilities: people.with_disabilities.to_f64(),
            set_aside: people.set_aside.to_f64(),
        },
        cells_missing: ledger.missing.iter().map(|(_, times)| times).sum(),
        cells_read_as_meant: ledger.cleaned.iter().map(|(_, _, times, _)| times).sum(),
        sheets_not_read: ledger.unread.iter().map(String::as_str).collect(),
    }
}

fn table_account(of: &TableAccount) -> TableDoc<'_> {
    let set_aside = of.set_aside.iter().map(|(why, rows)| AsideDoc { why, rows }).collect();
    TableDoc { table: of.table, sheet: &of.sheet, read: of.read, used: of.used, set_aside }
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
