//! Rules for the laws: the shipped frameworks, and frameworks drawn at random from everything a file may say.

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use pinpoint::domain::Phase;
use pinpoint::framework::files::WorseWhenName;
use pinpoint::framework::score_form::ScoreForm;
use pinpoint::framework::validate::{self, FrameworkFiles};
use pinpoint::framework::{Context, Framework};
use pinpoint::io::read_framework::framework_files;
use pinpoint::run::own_layout;
use proptest::prelude::*;

use super::book::{Cell, text};

/// A column of sheet `indicators` and values for it, each at least as bad as the one before.
#[derive(Clone, Debug)]
pub struct Scale {
    pub column: String,
    pub steps: Vec<Cell>,
}

/// A framework with values to feed it, and a context to run it in.
#[derive(Clone)]
pub struct Rules {
    pub framework: Framework,
    pub context: Context,
    pub scales: Vec<Scale>,
    /// The framework's own text, for messages.
    pub text: String,
}

impl fmt::Debug for Rules {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\n{}", self.text)
    }
}

/// Risks of generated frameworks: code and AoRs.
pub const RISKS: [(&str, &str); 5] =
    [("PR01", r#""GP""#), ("PR04", r#""CP", "GBV""#), ("PR09", r#""GP", "HLP""#), ("PR10", r#""MA""#), ("PR12", r#""HLP""#)];

/// A context of five AoRs and two tiers, changed by `more`.
pub fn context(more: &str) -> Context {
    context_of("", more)
}

fn context_of(aors: &str, more: &str) -> Context {
    let head = "format = 1\n[context]\ncountry = \"XLA\"\nname = \"Laws\"\ncycle = \"2026\"\ncountry-pcode = \"XL\"\n";
    let tiers = "[[tier]]\ncode = \"front-line\"\nareas = [\"XL01\", \"XL0202\"]\n";
    let checked = validate::context("context.toml", Some(&format!("{head}{aors}{tiers}{more}")), &own_layout());
    checked.value.unwrap_or_else(|| panic!("{:?}", checked.findings))
}

static SHIPPED: LazyLock<Vec<Rules>> = LazyLock::new(|| {
    let ids = ["area-coefficient", "household-20pct", "expert-convergence"];
    let rules = ids.map(|id| {
        let framework = validate::framework(&framework_files(id).unwrap()).value.unwrap();
        let scales = framework.indicators.iter().filter(|indicator| indicator.is_of_areas());
        let scales = scales.flat_map(|indicator| scales_of(&indicator.id, &indicator.form)).collect();
        Rules { framework, context: context(""), scales, text: id.to_owned() }
    });
    rules.into()
});

/// The shipped frameworks.
pub fn shipped() -> &'static [Rules] {
    &SHIPPED
}

/// Values of the shipped indicators. Conditions hold for no single column's order, so their columns are left out.
fn scales_of(id: &str, form: &ScoreForm) -> Vec<Scale> {
    let scale = |column: &str, steps: Vec<Cell>| Scale { column: column.to_owned(), steps };
    match form {
        ScoreForm::Ladder(ladder) => {
            let bounds: Vec<f64> = ladder.bounds().iter().map(|(_, bound)| *bound).collect();
            let mut values: Vec<f64> = bounds.windows(2).flat_map(|pair| [pair[0], f64::midpoint(pair[0], pair[1])]).collect();
            values.extend(bounds.last());
            // A column of nothing but fractions is refused: per cent or shares?
            values.retain(|value| *value == 0.0 || *value >= 1.0);
            if ladder.worse_when() == WorseWhenName::Lower {
                values.push(0.0);
            }
            vec![scale(id, values.into_iter().map(Cell::Number).collect())]
        }
        ScoreForm::Answers(phases) => {
            let mut words: Vec<(Phase, &String)> = phases.iter().map(|(word, phase)| (*phase, word)).collect();
            words.sort();
            vec![scale(id, words.into_iter().map(|(_, word)| text(word)).collect())]
        }
        ScoreForm::Additive { options, .. } => {
            let mut steps = vec![text("none")];
            let words: Vec<&str> = options.keys().map(String::as_str).filter(|word| !word.contains(' ')).collect();
            steps.extend((1..=words.len()).map(|many| text(&words[..many].join(" "))));
            vec![scale(id, steps)]
        }
        ScoreForm::Count { of, .. } => of.iter().map(|column| scale(column, vec![text("no"), text("yes")])).collect(),
        _ => Vec::new(),
    }
}

/// One of the shipped frameworks.
pub fn any_shipped() -> impl Strategy<Value = Rules> {
    (0..SHIPPED.len()).prop_map(|at| SHIPPED[at].clone())
}

/// A framework that anybody might write.
pub fn any_rules() -> impl Strategy<Value = Rules> {
    prop_oneof![5 => generated(4), 1 => any_shipped()]
}

#[derive(Clone, Debug)]
struct Measure {
    form: u8,
    cuts: [u32; 4],
    drop: u8,
    risks: [usize; 2],
    weight: u32,
    decisive: bool,
    expected: bool,
}

fn measure() -> impl Strategy<Value = Measure> {
    let cuts = prop::collection::btree_set(1_u32..40, 4).prop_map(|set| set.into_iter().collect::<Vec<_>>().try_into().unwrap());
    let risks = prop::array::uniform2(0..RISKS.len());
    (0_u8..6, cuts, 0_u8..16, risks, 1_u32..4, any::<bool>(), prop::bool::weighted(0.8))
        .prop_map(|(form, cuts, drop, risks, weight, decisive, expected)| Measure { form, cuts, drop, risks, weight, decisive, expected })
}

impl Measure {
    /// The indicator as a file says it, and its values.
    fn write(&self, at: usize, decisive: bool, out: &mut String) -> Vec<Scale> {
        let id = format!("measure-{at}");
        let (first, second) = (RISKS[self.risks[0]].0, RISKS[self.risks[1]].0);
        let _ = writeln!(out, "[indicator.{id}]\nlabel = \"{id}\"\nrisks = [\"{first}\", \"{second}\"]\npillar = \"C2\"");
        let _ = writeln!(out, "weight = {}\ndecisive = {decisive}\nexpected = {}\nwhy = \"a law\"", self.weight, self.expected);
        // Phase 1 always has a bound, so that no value is milder than all; others may be left out.
        let bounds = |of: &dyn Fn(u32) -> String| {
            let kept = (2..).zip(self.cuts).filter(|(phase, _)| self.drop & (1 << (phase - 2)) == 0 || *phase == 5);
            let list: Vec<String> = std::iter::once((1, 0)).chain(kept).map(|(phase, cut)| format!("{phase} = {}", of(cut))).collect();
            format!("{{ {} }}", list.join(", "))
        };
        let (unit, body, steps): (&str, String, Vec<Cell>) = match self.form {
            // Whole per cents.
            0 => {
                let body = format!("worse-when = \"higher\"\nphase-from = {}", bounds(&|cut| (2 * cut).to_string()));
                ("percent", body, (0..=45).map(|step| Cell::Number(f64::from(2 * step))).collect())
            }
            1 => {
                let body = format!("worse-when = \"lower\"\nphase-from = {}", bounds(&|cut| (90 - 2 * cut).to_string()));
                ("percent", body, (0..=45).map(|step| Cell::Number(f64::from(90 - 2 * step))).collect())
            }
            // Tenths as a computer multiplies them, so that some stand a hair beside their bound.
            2 => {
                let body = format!("worse-when = \"higher\"\nphase-from = {}", bounds(&|cut| format!("{}.{}", cut / 10, cut % 10)));
                ("rate-per-100000", body, (0..=45).map(|step| Cell::Number(f64::from(step) * 0.1)).collect())
            }
            3 => {
                let body =
                    format!("worse-when = \"lower\"\nphase-from = {}", bounds(&|cut| format!("{}.{}", (60 - cut) / 10, cut_tenth(cut))));
                ("count", body, (0..=45).map(|step| Cell::Number(f64::from(60 - step) * 0.1)).collect())
            }
            4 => {
                let words: Vec<String> = (1..=5).map(|phase| format!("{phase} = [\"answer {phase}\"]")).collect();
                ("answer", format!("answers = {{ {} }}", words.join(", ")), (1..=5).map(|phase| text(&format!("answer {phase}"))).collect())
            }
            _ => {
                let of: Vec<String> = (0..4).map(|item| format!("{id}-item-{item}")).collect();
                let body = format!("count = {{ of = {of:?}, is = [\"yes\"] }}\nphase-from = {{ 1 = 0, 2 = 1, 3 = 2, 4 = 3, 5 = 4 }}");
                let _ = writeln!(out, "measured-on = \"key-informants\"\nunit = \"count\"\n{body}\n");
                return of.into_iter().map(|column| Scale { column, steps: vec![text("no"), text("yes")] }).collect();
            }
        };
        let _ = writeln!(out, "measured-on = \"area\"\nunit = \"{unit}\"\n{body}\n");
        vec![Scale { column: id, steps }]
    }
}

fn cut_tenth(cut: u32) -> u32 {
    (60 - cut) % 10
}

#[derive(Clone, Debug)]
struct People {
    /// For each AoR: 0 plain rows, 1 rows for IDPs, 2 rows by sex, 3 nothing of its own.
    kinds: [u8; 5],
    /// Shares in thousandths by AoR and phase, sorted.
    in_need: [[u32; 6]; 5],
    general: [u32; 3],
    across: u8,
    gate: Option<u8>,
    derived: Option<(u8, u32)>,
    order: u8,
}

fn people() -> impl Strategy<Value = People> {
    let rising = || {
        prop::array::uniform6(0_u32..=1000).prop_map(|mut list| {
            list.sort_unstable();
            list
        })
    };
    let general = prop::array::uniform3(0_u32..=1000).prop_map(|mut list| {
        list.sort_unstable();
        list
    });
    let derived = prop::option::weighted(0.3, (0_u8..3, 0_u32..=1000));
    (
        prop::array::uniform5(0_u8..4),
        prop::array::uniform5(rising()),
        general,
        0_u8..4,
        prop::option::weighted(0.3, 2_u8..5),
        derived,
        0_u8..4,
    )
        .prop_map(|(kinds, in_need, general, across, gate, derived, order)| People {
            kinds,
            in_need,
            general,
            across,
            gate,
            derived,
            order,
        })
}

const AORS: [&str; 5] = ["GP", "CP", "GBV", "HLP", "MA"];

fn per_mille(share: u32) -> String {
    format!("\"{}.{}%\"", share / 10, share % 10)
}

impl People {
    fn coefficients(&self) -> String {
        let mut out = "format = 1\n".to_owned();
        let mut row = |keys: &str, phase: usize, share: u32| {
            let affected = per_mille(share.midpoint(1000));
            let need = per_mille(share);
            let _ = writeln!(out, "[[coefficient]]\n{keys}\nphase = {phase}\nin-need = {need}\naffected = {affected}\nwhy = \"a law\"\n");
        };
        for (at, share) in self.general.iter().enumerate() {
            row("", at + 3, *share);
        }
        for (aor, (kind, shares)) in AORS.iter().zip(self.kinds.iter().zip(&self.in_need)) {
            let key = format!("aor = \"{aor}\"");
            // Where it has rows of its own, it has them for every phase of need, so that more never becomes less.
            for phase in [3, 4, 5].into_iter().filter(|_| *kind < 3) {
                row(&key, phase, shares[phase - 3]);
                match kind {
                    1 => row(&format!("{key}\ngroup = \"IDPs\""), phase, shares[phase - 1].min(shares[phase - 2] + 100)),
                    2 => {
                        row(&format!("{key}\nsex = \"female\""), phase, shares[phase - 1]);
                        row(&format!("{key}\nsex = \"male\""), phase, shares[phase - 2]);
                    }
                    _ => {}
                }
            }
        }
        out
    }

    fn section(&self) -> String {
        let orders = [
            r#"["given", "shares", "coefficients"]"#,
            r#"["shares", "given", "coefficients"]"#,
            r#"["coefficients", "shares", "given"]"#,
            r#"["shares", "coefficients"]"#,
        ];
        let across = [r#"{ rule = "highest", cell = "group" }"#, r#"{ rule = "highest", cell = "leaf" }"#, r#"{ rule = "independent" }"#];
        let across = across[usize::from(self.across).min(3) % 3];
        let mut out = format!("[people-in-need]\nrules = {}\nacross-aors = {across}\n", orders[usize::from(self.order)]);
        if let Some(gate) = self.gate {
            let _ = writeln!(out, "need-from-area-phase = {gate}");
        }
        if let Some((of, share)) = self.derived {
            // A share of the overall figure, or of another AoR's.
            let of = ["overall", "GP", "HLP"][usize::from(of)];
            let share = per_mille(share);
            let _ = writeln!(
                out,
                "[people-in-need.aor.CP]\nrules = [\"derived\"]\nderived = {{ of = \"{of}\", share = {share} }}\nwhy = \"a law\""
            );
        }
        out
    }
}

#[derive(Clone, Debug)]
struct Severity {
    combine: [u8; 3],
    missing: u8,
    least_known: u8,
    rounding: u8,
    cut: (u32, bool),
    least_coverage: u32,
    above: bool,
    order: u8,
}

fn severity(combines: u8) -> impl Strategy<Value = Severity> {
    let cut = (prop_oneof![3 => Just(200_u32), 1 => 50_u32..=500], any::<bool>());
    (
        prop::array::uniform3(0..combines),
        0_u8..4,
        1_u8..3,
        0_u8..3,
        cut,
        prop_oneof![Just(0_u32), Just(500), Just(1000)],
        any::<bool>(),
        0_u8..3,
    )
        .prop_map(|(combine, missing, least_known, rounding, cut, least_coverage, above, order)| Severity {
            combine,
            missing,
            least_known,
            rounding,
            cut,
            least_coverage,
            above,
            order,
        })
}

impl Severity {
    fn section(&self) -> String {
        let combine = ["worst", "mean-of-worst-half", "weighted-mean", "majority"];
        let rounding = ["half-up", "up", "down"][usize::from(self.rounding)];
        let missing = ["any-known", "all-of-top-tier", "complete-only", "any-known"][usize::from(self.missing)];
        let rule = |at: usize| format!("combine = \"{}\", rounding = \"{rounding}\"", combine[usize::from(self.combine[at])]);
        let order = [
            r#"["given", "households", "shares", "area", "judgement"]"#,
            r#"["judgement", "given", "area", "shares", "households"]"#,
            r#"["area", "shares", "households", "judgement", "given"]"#,
        ];
        format!(
            "[severity]\nevidence-order = {}\nrisk = {{ {}, missing = \"{missing}\", least-known = {} }}\naor = {{ {} }}\noverall = {{ {} }}\n\
             area-phase = {{ rule = \"share-at-or-above\", share = {}, comparator = \"{}\" }}\nleast-coverage = {}\nabove-the-unit = \"{}\"\n",
            order[usize::from(self.order)],
            rule(0),
            self.least_known,
            rule(1),
            rule(2),
            per_mille(self.cut.0),
            if self.cut.1 { "at-least" } else { "more-than" },
            per_mille(self.least_coverage),
            if self.above { "people-by-phase" } else { "none" },
        )
    }
}

/// Frameworks in which worse never means milder: all but those that combine by majority. By the letter of the method
/// (14.5) the phases 3, 2, 1 tie and give 3, while 3, 2, 2 give 2.
pub fn monotone_rules() -> impl Strategy<Value = Rules> {
    prop_oneof![5 => generated(3), 1 => any_shipped()]
}

fn generated(combines: u8) -> impl Strategy<Value = Rules> {
    let few = prop::bool::weighted(0.2);
    (prop::collection::vec(measure(), 2..6), severity(combines), people(), few).prop_map(|(measures, severity, people, few)| {
        let mut indicators = "format = 1\n".to_owned();
        // A decisive indicator makes known what was unknown; which evidence counts then changes, and with it the
        // question. It is drawn only where what it speaks to is known anyway.
        let always_known = severity.least_coverage == 0 && severity.least_known == 1 && matches!(severity.missing, 0 | 3);
        let scales: Vec<Scale> = measures
            .iter()
            .enumerate()
            .flat_map(|(at, measure)| measure.write(at, measure.decisive && always_known, &mut indicators))
            .collect();
        let head =
            "format = 1\n[framework]\nid = \"generated\"\nversion = \"2026.1\"\nstatus = \"draft\"\ntitle = \"t\"\nsource = \"a law\"\n";
        let main = format!("{head}\n{}\n{}", severity.section(), people.section());
        let mut risks = "format = 1\n".to_owned();
        for (code, aors) in RISKS {
            let _ = writeln!(risks, "[[risk]]\ncode = \"{code}\"\naors = [{aors}]\nname = {{ en = \"risk {code}\" }}");
        }
        let text = format!("{main}\n{indicators}\n{}", people.coefficients());
        let texts = [
            ("framework.toml", main),
            ("indicators.toml", indicators),
            ("coefficients.toml", people.coefficients()),
            ("risks.toml", risks),
        ];
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        let checked = validate::framework(&FrameworkFiles { folder: "generated".into(), texts, ..FrameworkFiles::default() });
        let framework = checked.value.unwrap_or_else(|| panic!("{:?}\n{text}", checked.findings));
        let context = if few { &FEW_AORS } else { &CONTEXT };
        Rules { framework, context: LazyLock::force(context).clone(), scales, text }
    })
}

static CONTEXT: LazyLock<Context> = LazyLock::new(|| context(""));

/// Not all AoRs are in play.
static FEW_AORS: LazyLock<Context> = LazyLock::new(|| context_of("aors = [\"GP\", \"CP\", \"HLP\"]\n", ""));
