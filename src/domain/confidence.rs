//! How sure those are who judge: a vocabulary of its own (method, section 3).

/// Confidence in a judgement.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl Confidence {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Reads the word in English, French, Spanish, Portuguese or Arabic; the text is folded.
    pub fn parse(folded: &str) -> Option<Self> {
        match folded {
            "low" | "faible" | "bas" | "basse" | "baja" | "bajo" | "baixa" | "baixo" | "منخفض" | "منخفضة" => Some(Self::Low),
            "medium" | "moderate" | "moyen" | "moyenne" | "media" | "medio" | "متوسط" | "متوسطة" => Some(Self::Medium),
            "high" | "eleve" | "elevee" | "haut" | "haute" | "alta" | "alto" | "مرتفع" | "مرتفعة" | "عالية" | "عال" => {
                Some(Self::High)
            }
            _ => None,
        }
    }
}
