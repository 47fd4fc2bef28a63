//! Areas of responsibility and the pillars of the Protection Analysis Framework. Closed lists; the risks
//! themselves are data (method, sections 1 to 3).

use std::fmt;

/// An area of responsibility within protection.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aor {
    /// General Protection.
    GeneralProtection,
    /// Child Protection.
    ChildProtection,
    /// Gender-based violence.
    GenderBasedViolence,
    /// Housing, land and property.
    HousingLandProperty,
    /// Mine action.
    MineAction,
}

impl Aor {
    /// All five, in the order in which outputs list them.
    pub const ALL: [Self; 5] =
        [Self::GeneralProtection, Self::ChildProtection, Self::GenderBasedViolence, Self::HousingLandProperty, Self::MineAction];

    /// The short code used in inputs and in our own columns.
    pub const fn code(self) -> &'static str {
        match self {
            Self::GeneralProtection => "GP",
            Self::ChildProtection => "CP",
            Self::GenderBasedViolence => "GBV",
            Self::HousingLandProperty => "HLP",
            Self::MineAction => "MA",
        }
    }

    /// The official English name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GeneralProtection => "General Protection",
            Self::ChildProtection => "Child Protection",
            Self::GenderBasedViolence => "Gender-Based Violence",
            Self::HousingLandProperty => "Housing, Land and Property",
            Self::MineAction => "Mine Action",
        }
    }

    /// The code in the humanitarian programme cycle. General Protection carries the same code as overall
    /// protection; the description tells them apart.
    pub const fn hpc_code(self) -> &'static str {
        match self {
            Self::GeneralProtection => "PRO",
            Self::ChildProtection => "PRO-CPN",
            Self::GenderBasedViolence => "PRO-GBV",
            Self::HousingLandProperty => "PRO-HLP",
            Self::MineAction => "PRO-MIN",
        }
    }

    /// Reads our code, the HPC code, or a spelling in real use; case does not count.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        Some(match text.as_str() {
            "GP" | "PRO-GEN" | "GENERAL PROTECTION" => Self::GeneralProtection,
            "CP" | "PRO-CPN" | "PRO_CPM" | "PRO-CPM" | "PRO_CPN" | "CHILD PROTECTION" => Self::ChildProtection,
            "GBV" | "PRO-GBV" | "PRO_GBV" | "GENDER-BASED VIOLENCE" | "GENDER BASED VIOLENCE" => Self::GenderBasedViolence,
            "HLP" | "PRO-HLP" | "PRO_HLP" | "HOUSING, LAND AND PROPERTY" => Self::HousingLandProperty,
            "MA" | "PRO-MIN" | "PRO_MIN" | "MINE ACTION" => Self::MineAction,
            _ => return None,
        })
    }

    /// Position in [`Aor::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Aor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// A pillar of the Protection Analysis Framework.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PafPillar {
    /// A: context.
    Context,
    /// B: current threats to the population.
    Threats,
    /// C: effects of the threats on the population.
    Effects,
    /// D: existing capacities to address the threats.
    Capacities,
}

impl PafPillar {
    /// The four, A to D.
    pub const ALL: [Self; 4] = [Self::Context, Self::Threats, Self::Effects, Self::Capacities];

    /// A to D.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Context => "A",
            Self::Threats => "B",
            Self::Effects => "C",
            Self::Capacities => "D",
        }
    }

    /// The pillar of a sub-pillar code such as `C2`.
    pub fn of_sub_pillar(code: &str) -> Option<Self> {
        let (letter, number) = code.split_at_checked(1)?;
        matches!(number, "1" | "2" | "3").then_some(())?;
        Self::ALL.into_iter().find(|pillar| pillar.letter() == letter)
    }
}
