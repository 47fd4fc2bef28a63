//! What a phase or a figure is about, and on what kind of evidence it rests.

use std::fmt;

use super::id::{IndicatorId, RiskId};
use super::risk::Aor;

/// What a phase is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Protection as a whole.
    Overall,
    /// One area of responsibility.
    Aor(Aor),
    /// One protection risk.
    Risk(RiskId),
    /// One indicator.
    Indicator(IndicatorId),
    /// All sectors together.
    Intersectoral,
}

impl Scope {
    /// The word for the kind of scope, as the outputs write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Aor(_) => "aor",
            Self::Risk(_) => "risk",
            Self::Indicator(_) => "indicator",
            Self::Intersectoral => "intersectoral",
        }
    }
}

/// What people are estimated for: protection as a whole or one AoR.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// Protection as a whole.
    Overall,
    /// One area of responsibility.
    Aor(Aor),
}

impl Series {
    /// Overall, then the AoRs.
    pub const ALL: [Self; 6] = [
        Self::Overall,
        Self::Aor(Aor::GeneralProtection),
        Self::Aor(Aor::ChildProtection),
        Self::Aor(Aor::GenderBasedViolence),
        Self::Aor(Aor::HousingLandProperty),
        Self::Aor(Aor::MineAction),
    ];

    /// Position in [`Series::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Overall => 0,
            Self::Aor(aor) => aor.index() + 1,
        }
    }

    /// The code in the outputs: `PRO-OVE` for overall, else the AoR's.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Overall => "PRO-OVE",
            Self::Aor(aor) => aor.code(),
        }
    }

    /// The name in the outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overall => "Protection (overall)",
            Self::Aor(aor) => aor.name(),
        }
    }

    /// The code in the humanitarian programme cycle.
    pub const fn hpc_code(self) -> &'static str {
        match self {
            Self::Overall => "PRO",
            Self::Aor(aor) => aor.hpc_code(),
        }
    }

    /// The same as a scope.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Overall => Scope::Overall,
            Self::Aor(aor) => Scope::Aor(aor),
        }
    }

    /// Reads `overall` or an AoR.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.trim();
        if plain.eq_ignore_ascii_case("overall")
            || plain.eq_ignore_ascii_case("PRO-OVE")
            || plain.eq_ignore_ascii_case("Protection (overall)")
        {
            return Some(Self::Overall);
        }
        Aor::parse(plain).map(Self::Aor)
    }
}

/// The kind of evidence on which a phase rests (method, section 5).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A phase computed elsewhere and entered as it is.
    Given,
    /// Answers of households.
    Households,
    /// Shares of the population by phase.
    Shares,
    /// Indicators measured on areas or by key informants.
    Area,
    /// A person's judgement.
    Judgement,
}

impl Evidence {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Given, Self::Households, Self::Shares, Self::Area, Self::Judgement];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Households => "households",
            Self::Shares => "shares",
            Self::Area => "area",
            Self::Judgement => "judgement",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}
