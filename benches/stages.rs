//! How long each stage takes, from the located sheets to the rows of figures, at three sizes. If work grows with the
//! number of units and not faster, the throughput per unit stays the same from size to size.
//!
//! `cargo bench --bench stages`; `BENCH_AREAS=1000,20000` chooses the sizes.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench is no part of the product"
)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made numbers are small")]

mod make_input;

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput};
use pinpoint::domain::{Aor, Series};
use pinpoint::framework::validate;
use pinpoint::report::{figures, needs, severity};
use pinpoint::stage::audit::Audit;
use pinpoint::stage::change::compare_with_previous;
use pinpoint::stage::check::check;
use pinpoint::stage::decide::{Targets, read_decisions};
use pinpoint::stage::evidence::read_evidence;
use pinpoint::stage::intersectoral::intersect;
use pinpoint::stage::locate::locate;
use pinpoint::stage::mosaic::at_every_level;
use pinpoint::stage::observe::observe;
use pinpoint::stage::people::{PeopleBasis, estimate};
use pinpoint::stage::population::read_population;
use pinpoint::stage::previous::read_previous;
use pinpoint::stage::priority::{evidence_matrix, rank_risks, register};
use pinpoint::stage::response::read_response;
use pinpoint::stage::rollup::roll_up;
use pinpoint::stage::rollup_across::roll_up_across;
use pinpoint::stage::score::score;
use pinpoint::stage::sectors::{Across, read_sectors};
use pinpoint::stage::severity::{PhaseBasis, combine};
use pinpoint::stage::touched::touched;
use pinpoint::stage::units::read_units;
use pinpoint::stage::{analyse, areas::read_areas};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for areas in sizes() {
        stages(&mut criterion, areas);
    }
    criterion.final_summary();
}

fn sizes() -> Vec<usize> {
    let chosen = std::env::var("BENCH_AREAS").unwrap_or_else(|_| "1000,20000,100000".to_owned());
    chosen.split(',').filter_map(|number| number.trim().parse().ok()).collect()
}

fn stages(criterion: &mut Criterion, areas: usize) {
    let mut group = criterion.benchmark_group("stages");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Elements((areas * make_input::GROUPS.len()) as u64));
    reading(&mut group, areas);
    across_sectors(&mut group, areas);
    reporting(&mut group, areas);
    group.finish();
}

fn time<T>(group: &mut BenchmarkGroup<'_, WallTime>, stage: &str, areas: usize, mut run: impl FnMut() -> T) {
    group.bench_function(BenchmarkId::new(stage, areas), |bencher| bencher.iter_with_large_drop(|| black_box(run())));
}

/// From the sheets to people in need, step by step.
fn reading(group: &mut BenchmarkGroup<'_, WallTime>, size: usize) {
    let workbook = make_input::workbook(make_input::Size::of(size));
    let context = make_input::context();
    let rules = validate::adapted(&make_input::framework(), &context).value;
    let audit = &mut Audit::default();

    time(group, "01 locate", size, || locate(&workbook, &context, &rules));
    let sheets = locate(&workbook, &context, &rules).value;
    time(group, "02 read_areas", size, || read_areas(&sheets, &context, &mut Audit::default()));
    let areas = read_areas(&sheets, &context, audit).value;
    time(group, "03 read_units", size, || read_units(&sheets, &areas, &context, &mut Audit::default()));
    let (cells, keyed) = read_units(&sheets, &areas, &context, audit).value;
    time(group, "04 read_population", size, || read_population(&keyed, &cells, &areas, &mut Audit::default()));
    let population = read_population(&keyed, &cells, &areas, audit).value;
    time(group, "05 observe", size, || observe(&keyed, &cells, &rules, &mut Audit::default()));
    let observed = observe(&keyed, &cells, &rules, audit).value;
    time(group, "06 read_evidence", size, || read_evidence(&keyed, &population, cells.len(), &rules, &context.aors, &mut Audit::default()));
    let evidence = read_evidence(&keyed, &population, cells.len(), &rules, &context.aors, audit).value;
    let response = read_response(&keyed, cells.len(), &context.aors, audit).value;
    let sectors = read_sectors(&keyed, cells.len(), &context, audit).value;
    let targets = Targets { cells: &cells, areas: &areas, population: &population, sectors: &sectors, aors: &context.aors, rules: &rules };
    let decisions = read_decisions(&keyed, targets, audit).value;

    time(group, "07 score", size, || score(&observed, &cells, &areas, &rules));
    let scored = score(&observed, &cells, &areas, &rules);
    let grounds =
        PhaseBasis { cells: &cells, observed: &observed, scored: &scored, evidence: &evidence, aors: &context.aors, rules: &rules };
    time(group, "08 combine", size, || combine(grounds, &decisions));
    let severity = combine(grounds, &decisions);
    let basis = PeopleBasis {
        cells: &cells,
        areas: &areas,
        population: &population,
        evidence: &evidence,
        severity: &severity,
        rules: &rules,
        context: &context,
    };
    time(group, "09 estimate", size, || estimate(basis, &decisions));
    let in_need = estimate(basis, &decisions);
    let aors = Aor::ALL.map(Series::Aor);
    let wholes = roll_up(basis, &in_need, &response).wholes;
    time(group, "10 mosaic levels", size, || at_every_level(&aors, basis, &in_need, &wholes));
    time(group, "11 roll_up", size, || roll_up(basis, &in_need, &response));
    time(group, "12 rank_risks", size, || rank_risks(basis));
    time(group, "13 evidence_matrix", size, || evidence_matrix(&cells, &observed, &scored, &evidence, &rules));
}

/// The tables beside the evidence, the step across sectors, and last year.
fn across_sectors(group: &mut BenchmarkGroup<'_, WallTime>, size: usize) {
    let workbook = make_input::workbook(make_input::Size { sectors: true, ..make_input::Size::of(size) });
    let context = make_input::context();
    let analysis = analyse(&workbook, &context, &make_input::framework()).value.expect("the made input has no errors");
    let rules = &analysis.rules;
    let audit = &mut Audit::default();
    let sheets = locate(&workbook, &context, rules).value;
    let (cells, keyed) = read_units(&sheets, &analysis.areas, &context, audit).value;
    time(group, "20 read_sectors", size, || read_sectors(&keyed, cells.len(), &context, &mut Audit::default()));
    time(group, "21 read_previous", size, || read_previous(&keyed, &context, &mut Audit::default()));
    time(group, "22 read_response", size, || read_response(&keyed, cells.len(), &context.aors, &mut Audit::default()));
    let targets = || Targets {
        cells: &analysis.cells,
        areas: &analysis.areas,
        population: &analysis.population,
        sectors: &analysis.sectors,
        aors: &context.aors,
        rules,
    };
    time(group, "23 read_decisions", size, || read_decisions(&keyed, targets(), &mut Audit::default()));
    let across = || Across {
        cells: &analysis.cells,
        population: &analysis.population,
        sectors: &analysis.sectors,
        previous: &analysis.previous,
        rules: &rules.intersectoral,
    };
    time(group, "24 intersect", size, || intersect(across(), &analysis.decisions));
    let basis = PeopleBasis {
        cells: &analysis.cells,
        areas: &analysis.areas,
        population: &analysis.population,
        evidence: &analysis.evidence,
        severity: &analysis.severity,
        rules,
        context: &context,
    };
    time(group, "25 roll_up_across", size, || roll_up_across(basis, &analysis.across));
    let compare = || compare_with_previous(&analysis.previous, basis, &analysis.in_need, &analysis.rolled, &analysis.sectors);
    time(group, "26 compare_with_previous", size, compare);
    time(group, "27 register", size, || register(&analysis.cells, &analysis.severity, rules));
    time(group, "28 touched", size, || touched(&analysis));
}

/// What reads a whole analysis, row by row.
fn reporting(group: &mut BenchmarkGroup<'_, WallTime>, size: usize) {
    let context = make_input::context();
    let framework = make_input::framework();
    let workbook = make_input::workbook(make_input::Size::of(size));
    time(group, "14 analyse (all before)", size, || analyse(&workbook, &context, &framework));
    let analysis = analyse(&workbook, &context, &framework).value.expect("the made input has no errors");
    drop(workbook);
    time(group, "15 checks", size, || check(&analysis));
    time(group, "16 figures rows", size, || figures::figures(&analysis).count());
    time(group, "17 figures data", size, || figures::file(&analysis).rows.map(|row| row.len()).sum::<usize>());
    time(group, "18 severity data", size, || severity::file(&analysis).rows.map(|row| row.len()).sum::<usize>());
    time(group, "19 needs_wide data", size, || needs::file(&analysis, &context).rows.map(|row| row.len()).sum::<usize>());
}
