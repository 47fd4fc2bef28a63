//! Every code a finding can carry, with its level, its help and the section of the method behind it.
//! The only place where a level is decided; a context may raise a warning to an error, never lower one.

use std::fmt;

/// How grave a finding is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing to do.
    Note,
    /// Figures are written, and the finding stands beside them.
    Warning,
    /// No figures are written.
    Error,
}

impl Level {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($name:ident $id:literal $level:ident $section:literal $help:literal;)*) => {
        /// What kind of thing a finding says.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $help] $name,)*
        }

        impl Code {
            /// Every code, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable name in outputs.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// How grave it is unless a context raises it.
            pub const fn level(self) -> Level {
                match self { $(Self::$name => Level::$level),* }
            }

            /// The section of the method behind it.
            pub const fn section(self) -> &'static str {
                match self { $(Self::$name => $section),* }
            }

            /// What to do about it.
            pub const fn help(self) -> &'static str {
                match self { $(Self::$name => $help),* }
            }
        }
    };
}

codes! {
    // Finding the tables.
    MissingSheet "missing-sheet" Error "4" "Add the sheet, or name the right one in the context under `sheet`.";
    NoPopulation "no-population" Error "14.9" "Add sheet `population`, or name a second file that has it with `--population FILE`: without people there are no figures.";
    LayoutChosen "layout-chosen" Note "4" "Nothing to do if that is what the file is; else name the layout with `--layout`, or write a context.";
    SeveralCountries "several-countries" Error "1" "Say in a context whose year it is (`country`): then the rows of that country are read.";
    AmbiguousSheet "ambiguous-sheet" Error "4" "Keep one of the sheets under such a name, or name the right one in the context under `sheet`.";
    EmptySheet "empty-sheet" Error "4" "Fill the sheet, or take it out of the context.";
    MissingColumn "missing-column" Error "4" "Add the column, or name its header in the context under `[table.columns]`.";
    AmbiguousColumn "ambiguous-column" Error "4" "Rename one of the two headers, or tell them apart in the context with the band above them, as in `\"Band / Header\"`.";
    UnusedColumn "unused-column" Note "4" "Nothing to do if it is meant to be left out; else name it in the context.";
    UnusedSheet "unused-sheet" Note "4" "Nothing to do if it is meant to be left out; else name it in the context.";
    MeasuresUnused "measures-not-used" Note "4" "Nothing to do if no figure is to rest on them; else name the indicator that a column holds in the context under `[table.columns]`.";
    SheetMisnamed "sheet-misnamed" Warning "4" "Rename the sheet if it is meant to be read; nothing in it counts.";
    ColumnMisnamed "column-misnamed" Warning "4" "Rename the header if the column is meant to be read; nothing in it counts.";
    TableAlone "table-alone" Note "4" "Nothing to do if it is that table; else give the file the name of its table.";
    ReadAs "text-read-as" Note "4" "Nothing to do if the cells are as they should be.";
    IndicatorMisnamed "indicator-misnamed" Error "4" "Give the column the indicator's own name, one column an indicator; or list the header under `ignore-columns` in the context.";
    HeaderNoName "header-no-name" Error "4" "Write the indicator's name as a text: a spreadsheet program takes some names for numbers or dates. Or list the header under `ignore-columns` in the context.";
    HeaderBlank "header-blank" Error "4" "Write the header, or empty the column; or list its letters under `ignore-columns` in the context.";
    IndicatorLacking "indicator-without-column" Warning "4.4" "Add the column if the indicator is known; else list it under `not-used` in the context, with the reason.";
    HeaderFound "header-found" Note "4" "Nothing to do if these are the headers; else name their row in the context under `header-row`.";
    HeaderCleaned "header-cleaned" Note "4" "Nothing to do; the name is what a person sees.";
    Hidden "hidden-and-read" Warning "4" "Nothing to do if they are meant to count; a filter that is left on hides rows without taking them out.";
    RowSetAside "row-set-aside" Note "4" "Nothing to do if these rows are no areas; else mend `skip-rows-where` or `data-ends` in the context.";
    OnlyOtherKinds "only-rows-of-other-kinds" Warning "14.9" "Add the row of all people of each of these areas, or let the context say under `rows-where` which rows are theirs.";
    UnknownKind "unknown-kind-of-row" Warning "14.9" "Mend the text if it should be one that is read; else let the context list it under `others`, and nothing more is said.";
    RowsBelowEnd "rows-below-the-end" Error "4" "Fill in the p-code of that row or take the row out; take away what is no data below the table; or let the context say where the data end.";
    RowsAboveHeaders "rows-above-the-headers" Error "4" "Take these rows away, or let the context say under `header-row` where the headers stand.";
    RowLimit "sheet-is-full" Warning "4" "Get the data again, as a newer workbook or as text: what did not fit was probably cut off.";
    MergedValue "merged-value" Error "4" "Split the merged cells and write the value where it belongs.";
    MergeFilled "merge-filled" Note "4" "Nothing to do if the text is meant for each row.";
    AccountBroken "account-does-not-add-up" Error "12" "This is a fault of pinpoint and not of the input: please report it, with this message.";
    // Reading the cells.
    LooksBlank "looks-blank" Note "4" "Nothing to do if nothing is known there; they are not zero.";
    NameCleaned "name-cleaned" Note "4" "Nothing to do; the name is what a person sees.";
    FromAnotherWorkbook "from-another-workbook" Warning "4" "Check that the values are those of today, and write them in place of the formulas.";
    FormulasAllZero "formulas-all-zero" Warning "4" "Open the workbook in a spreadsheet program, let it calculate, save it; or write the values themselves.";
    ErrorCell "error-cell" Error "4" "Mend the formula in the workbook, or grant `error-cells = \"missing\"` in the context, with the reason.";
    ErrorCellMissing "error-cell-as-missing" Warning "4" "Read as missing, as the context grants; mend the formula when you can.";
    NotCalculated "formula-not-calculated" Error "4" "Open the workbook in a spreadsheet program, let it calculate, save it; or write the value itself.";
    NotANumber "not-a-number" Error "4" "Write a plain number, leave the cell blank, or declare the token under `missing` in the context.";
    ThousandsOrFraction "thousands-or-fraction" Error "4" "Write the numbers without points between thousands; or, where these are fractions of people, declare `decimal-mark = \".\"` for this table in the context.";
    PeopleAsShares "people-as-shares" Error "4" "Give numbers of people here: population times share. Or name the column of people in the context.";
    NumberAsText "number-as-text" Note "4" "Nothing to do; format the column as numbers when you can.";
    NumberOutOfRange "number-out-of-range" Error "4" "Correct the number.";
    NegativePeople "negative-people" Warning "12" "Correct the figure: people cannot be fewer than none.";
    PeopleNotWhole "people-not-whole" Note "9" "Nothing to do: parts of people are kept, and only what is shown is rounded.";
    NobodyThere "nobody-there" Note "14.9" "Nothing to do if nobody lives there; a population that is not known stays blank.";
    CompositionUnused "composition-not-used" Note "7" "Nothing to do; to have people by sex and age, count them: a row or a column for each part.";
    NegativePopulation "negative-population" Error "12" "Correct the population.";
    PercentScale "percent-scale" Error "4" "Write per cent from 0 to 100, or declare `percent-scale = \"0-1\"` for this table in the context.";
    PercentFormat "percent-format" Warning "15.7" "Nothing to do if that is meant; write such columns alike, in per cent from 0 to 100.";
    PercentAboveHundred "percent-above-100" Error "4" "Correct the value: no share of people is above 100 %.";
    PhaseZero "phase-zero" Warning "4" "0 is read as unknown; leave the cell blank when a phase is not known.";
    PhaseOutside "phase-not-1-to-5" Error "12" "Write a whole number from 1 to 5, or leave the cell blank.";
    SectorPhase "sector-phase-not-whole" Warning "12" "Phases of other sectors and of outcome indicators are whole numbers from 1 to 5 (epidemics may lie between two); anything else counts as unknown.";
    SentinelValue "looks-like-a-missing-code" Warning "4" "If it stands for a value that is not known, empty the cell or name the code under `missing` in the context.";
    IndicatorEmpty "indicator-without-values" Warning "4.4" "Add the values, or take the column out.";
    RowEmpty "row-without-values" Note "4.4" "Nothing to do if nothing is known there; these people are not assessed by indicators.";
    CountAbovePopulation "count-above-population" Warning "1" "Correct the count or the population: more people are counted than live there.";
    UnknownAnswer "unknown-answer" Error "4" "Use one of the accepted answers, or add this spelling to the indicator in the framework.";
    Contradiction "contradictory-answer" Warning "15.16" "Correct the answer: the other options stand, as if the one that excludes them were not ticked.";
    ValueBelowLadder "value-below-ladder" Warning "15.6" "The source fixes no phase for such a value; it counts as missing.";
    // Households.
    IdentifierColumns "identifier-columns" Error "10" "Take these columns out of the file, or run with `--drop-identifiers`, which leaves them out while reading; nothing in them is ever shown.";
    IdentifiersLeftOut "identifiers-left-out" Note "10" "Nothing to do: they are read by nothing and shown nowhere. A file that is passed on should not have them.";
    HouseholdTwice "household-twice" Error "10" "Keep one row for each household, with an id of its own.";
    HouseholdWithoutGroup "household-without-group" Error "10" "Write the household's population group, or take the column out where households are not told apart by group.";
    DesignBlank "design-blank" Warning "10" "Fill in the stratum or cluster: as it is each such household counts as drawn by itself, or from a stratum of its own.";
    HouseholdWithoutSize "household-without-size" Warning "10" "Fill in the size: these households enter no share. Or let the framework weigh by households.";
    WeightBad "weight-not-positive" Error "14.12" "Write the household's weight; or set such households aside in the context with `bad-weights = \"set-aside\"` and the reason.";
    WeightSetAside "weight-set-aside" Warning "14.12" "Set aside as the context declares; mend the weights when you can.";
    WeightZero "weight-zero" Warning "14.12" "Nothing to do if these households are not meant to count.";
    NoWeight "no-weight-at-all" Warning "10" "Check the weights: these people are not assessed by households.";
    WeightDominates "weight-dominates" Warning "10" "Check the weight: what this household says is what the area and group are said to be.";
    FewHouseholds "few-households" Warning "10" "Nothing to do where no more were asked; what so few say is of low precision.";
    OptionsDiffer "options-differ" Warning "10" "Keep one of the two spellings of the question; the column of the question itself counts.";
    HouseholdsNotScored "households-not-scored" Warning "10" "Give what the survey found as shares by phase in sheet `shares` as well.";
    // Keys.
    MissingPCode "missing-p-code" Error "12" "Write the area's p-code; a row without one belongs to no area.";
    UnknownPCode "unknown-p-code" Error "12" "Add the area to sheet `areas`, or mend the code here.";
    CodeCleaned "code-cleaned" Warning "1" "Nothing to do if these are meant; write them alike, so that every program reads them as one.";
    TwoParents "two-parents" Error "12" "An area lies in one parent only; mend one of the rows.";
    TwoCountries "two-countries" Error "1" "Only the country stands on level 0: mend the levels, or name its p-code in the context under `country-pcode`.";
    OddPCode "p-code-odd" Error "12" "Mend the code or take the row out; or list every area in sheet `areas`, where codes may be as they are.";
    PlaceholderPCode "p-code-placeholder" Warning "12" "Write the place's own code when there is one; until then its figures stand under this one.";
    PCodeOutside "p-code-outside-parent" Warning "12" "Check that these areas lie where the sheet says; a code that lost its zeros looks like this too.";
    NotInGazetteer "p-code-not-in-list" Warning "12" "Mend the codes that are misspelled; a place that is new, or of the country's own list, may stay.";
    GazetteerParent "parent-not-as-in-list" Warning "12" "Check in which area these lie.";
    GazetteerWithoutCountry "list-without-country" Warning "12" "Give a list that has the places of this country, or name the country in a context.";
    NameOfAnother "name-of-another-area" Error "12" "The code says one area and the name another: correct the row, or its figures stand in the wrong place.";
    TwoNames "two-names" Note "12" "The name that comes first in the alphabet is used; make them the same.";
    AreaWithoutParent "area-without-parent" Note "15.4" "They hang under the country; add their parents to sheet `areas` if they have any.";
    UnknownGroup "unknown-group" Error "12" "Use a group of sheet `population`, or declare it in the context.";
    GroupsAlike "groups-alike" Warning "1" "Nothing to do if they are two; else spell them alike, or declare the groups in the context.";
    TotalAsGroup "total-as-group" Error "12" "A total is not a population group: leave the row out, or leave the group blank when it speaks for the whole area. If it is the name of a group, declare it in the context.";
    TotalAsArea "total-as-area" Error "12" "A total is not an area: take the row out, or name it under `skip-rows-where` in the context.";
    TotalDiffers "total-differs" Warning "12" "Look for a row that is lost, doubled or changed, or mend the total; it is not read.";
    TotalAgrees "total-agrees" Note "12" "Nothing to do; totals are not read.";
    RowRepeated "row-repeated" Warning "12" "Take the copies out; look whether another row was meant.";
    DuplicateRow "duplicate-row" Error "12" "Keep one of the rows: each area, pocket and group stands once in a table.";
    UnknownRisk "unknown-risk" Error "2" "Use a code from PR01 to PR15.";
    UnknownAor "unknown-aor" Error "1" "Use GP, CP, GBV, HLP, MA or overall.";
    AorNotInPlay "aor-not-in-play" Warning "1" "Add the AoR to `aors` in the context, or take its rows out: they are not used.";
    UnknownScope "unknown-scope" Error "11" "Use a scope of this sheet, with a code that it has; overall and intersectoral have none but their own.";
    UnknownSector "unknown-sector" Error "8" "Use a core sector: one of the context, or else of the eight standard ones.";
    UnknownIndicator "unknown-indicator-column" Note "4" "Nothing to do if it is meant to be left out; else add the indicator to the framework.";
    // Population and breakdowns.
    MissingPopulation "missing-population" Error "14.9" "Fill in the population of this area and group, or take its figures out.";
    GroupNotPresent "group-not-present" Note "14.9" "Read as: this group does not live here.";
    AreaWithoutPeople "area-without-people" Note "14.9" "Nothing to do if nobody lives there; else add their population: these areas stand in no table.";
    EvidenceWithoutPopulation "evidence-without-population" Error "14.9" "Add the population of this area and group, or take the row out.";
    PreviousGone "previous-gone" Warning "8" "Last year's figures stand in the trend as gone; mend the code, the group or the AoR if it is only spelled otherwise.";
    NoEvidence "no-evidence" Warning "4" "These people are reported as not assessed; add evidence if there is any.";
    OverlappingCategories "overlapping-categories" Error "7" "Split each area and group one way only: by sex, by age, or by both; take the overlapping rows out.";
    TotalAsPart "total-as-part" Error "7" "A total is not a sex or an age band: leave both blank where the row counts everybody, or take the row out.";
    SumAsGroup "sum-beside-its-parts" Error "7" "Take the rows of the sum out: its people would be counted twice. If the sum is the area around the others, say so in a sheet `areas` or in columns for each level.";
    PartsDiffer "parts-differ-from-total" Warning "12" "Correct the parts or the total.";
    PopulationDiffers "population-differs" Warning "12" "Decide which population is right and use it in both sheets.";
    DisabilityAboveTotal "disability-above-total" Warning "12" "Correct the figure of people with disabilities or the total.";
    // Evidence.
    SharesNotWhole "shares-do-not-add-up" Error "4.6" "The five shares must add up to 1 within 0.005; correct them.";
    SharesRenormalised "shares-renormalised" Note "4.6" "That is nearly 1, so they are divided by their sum; nothing to do.";
    BlankShare "blank-share-as-zero" Note "14.3" "Nothing to do if that is meant.";
    SharesUnknown "shares-incomplete" Warning "14.3" "Fill in all five shares; until then the distribution is unknown.";
    JudgementIncomplete "judgement-incomplete" Error "4.7" "A judgement needs reason, evidence, decided_by and date.";
    JudgementOfTwo "judgement-of-two" Error "4.7" "A judgement speaks of one risk or of one AoR; leave one of the two blank.";
    UnknownConfidence "unknown-confidence" Warning "3" "Write high, medium or low; until then the confidence counts as not stated.";
    DateUnclear "date-unclear" Warning "3" "Write the date as YYYY-MM-DD (or YYYY-MM, or YYYY), so that it can be compared with others.";
    GivenWithoutSource "given-without-source" Warning "6.4" "Write in column `source` who computed the figures and when.";
    GivenInPart "given-in-part" Warning "15.22" "Give the figures of the other parts, or the total: a part that is missing is not nobody.";
    PhaseOfPart "phase-of-a-part" Warning "15.22" "A phase is that of everybody in the area and group: write it on a row without sex and age.";
    GivenForSeveral "given-for-several" Warning "15.21" "Give the figures of each group and area, so that they enter overall protection as well.";
    LowCoverage "coverage-too-low" Warning "5" "Add the missing indicators; until then the phase is unknown.";
    RiskWithoutEvidence "risk-without-evidence" Note "5" "Add evidence if there is any; sheet PiN by AoR shows the coverage of each phase.";
    PassedOver "evidence-passed-over" Note "5" "The framework's evidence order decided; nothing to do if that is meant.";
    EvidenceAbove "evidence-above-population" Note "15.8" "The phase stands at that area and is not passed down to the areas in it.";
    PeopleUnknown "people-unknown" Warning "6" "Give figures or shares, or add a coefficient to the framework, or look whether the header of a column is known; until then these people are not assessed.";
    AreaGate "area-gate" Note "6.5" "Nothing to do if that is meant; figures that are given stay as they are.";
    NoCoefficient "no-coefficient" Warning "6.2" "Add a coefficient for this phase to the framework, or a figure to sheet `estimates`.";
    RuleNameUnknown "name-in-rules-unknown" Warning "6.2" "Mend the name in the framework or the context, or in the input: as it stands, the rule fits nobody.";
    RuleNameUnused "name-in-rules-unused" Note "6.2" "Nothing to do if there are no such people or areas.";
    NameWithoutRule "name-without-rule" Note "6.2" "Nothing to do if the rows for anybody are meant for these people; else add rows for them.";
    // Decisions.
    DecisionIncomplete "decision-incomplete" Error "11" "A decision needs old, new, reason, evidence, decided_by and date; write `unknown` for an old value that nobody knew.";
    DecisionUnsigned "decision-without-author" Warning "11" "The workbook changes this figure by hand; record who decided, when and why in sheet `decisions`.";
    DecisionUnknownTarget "decision-unknown-target" Error "14.8" "Name an area, group, scope and code that this analysis has.";
    DecisionWithoutEffect "decision-without-effect" Warning "15.3" "Decide for each group; a decision on a whole area holds for groups that have no evidence of their own.";
    DecisionInPart "decision-in-part" Warning "15.3" "Nothing to do if that is meant; else decide for each group.";
    DecisionOldDiffers "decision-old-differs" Warning "11" "The figure has moved since the decision was taken; confirm the decision.";
    TwoDecisions "two-decisions" Warning "11" "The recorded decision stands; make the two agree, or take one out.";
    RepeatedReason "repeated-reason" Warning "11" "The same words justify many decisions; write the reason of each.";
    FinalWithoutReason "final-differs-without-reason" Warning "12" "Write why the final figure differs from the preliminary one.";
    // Checks after computing.
    InNeedAbovePopulation "in-need-above-population" Warning "12" "Correct the figure or the population.";
    InNeedAboveAffected "in-need-above-affected" Warning "1" "People in need are affected people; correct one of the two.";
    AffectedAbovePopulation "affected-above-population" Warning "1" "Correct the figure or the population.";
    AorAboveOverall "aor-above-overall" Warning "12" "An AoR has no more people in need than protection as a whole, unless overall is computed on its own; check both.";
    OverallAboveAllSectors "overall-above-all-sectors" Warning "12" "Protection cannot have more people in need than all sectors together; check both.";
    ChildrenDiffer "children-differ-from-parent" Warning "12" "The figure given for the area and the sum of its groups and areas differ; correct one.";
    OverallPhaseDiffers "overall-phase-differs" Warning "12" "The overall phase is not that of the worst AoR; confirm it or record a decision.";
    NeedBelowPhase3 "need-below-phase-3" Warning "12" "People in need stand in an area below phase 3; confirm that this is meant.";
    TargetAboveInNeed "target-above-in-need" Warning "12" "More people are targeted than are in need; correct one.";
    TargetBelowAor "target-below-aor" Warning "7" "Protection as a whole targets at least the people whom any AoR targets; fill in or correct its target.";
    ReachedAboveInNeed "reached-above-in-need" Warning "1" "More people are reached than are in need; correct one.";
    ChangeBeyondThreshold "change-beyond-threshold" Warning "12" "Explain the change from last year.";
    NotComputable "not-computable" Note "14.13" "A division by nothing; no percentage and no flag.";
    LeafMosaicFellBack "leaf-mosaic-fell-back" Note "14.7" "The highest is taken over the whole group instead; give figures by sex and age to have it for each.";
    FewSectors "low-coverage" Warning "14.4" "Fewer than four core sectors are known; the unit counts as not assessed.";
    // Framework and context files.
    TomlSyntax "toml-syntax" Error "4" "Mend the line; a TOML file is `key = value` under `[headings]`.";
    UnknownKey "unknown-key" Error "4" "Take the key out, or write it as the documentation does.";
    MissingKey "missing-key" Error "4" "Add the key.";
    WrongType "wrong-type" Error "4" "Write the kind of value that the documentation shows.";
    UnknownChoice "unknown-choice" Error "4" "Choose one of the values listed.";
    BareShare "bare-share" Error "4" "Write a share with its sign, as in \"20%\".";
    LadderNotRising "ladder-not-rising" Error "4.1" "Each bound must be worse than the one before it.";
    NoForm "no-form" Error "4" "Give the indicator one form: phase-from, answers, conditions, additive, count, shares, non-critical or judgement.";
    TwoForms "two-forms" Error "4" "Keep exactly one form.";
    UnknownReference "unknown-reference" Error "4" "Use a name that exists, or add what it is to name.";
    DuplicateId "duplicate-id" Error "4" "Give each its own name.";
    BadId "bad-id" Error "4" "Use small letters, digits and hyphens.";
    NoSource "no-source" Error "4" "Write where the numbers come from: `source = \"...\"` or `why = \"...\"`.";
    CoefficientConflict "coefficient-conflict" Error "6.2" "Two rows fit equally well; make one of them more specific or take it out.";
    MissingWhy "missing-why" Error "4" "Write the reason beside the change: `why = \"...\"`.";
    CaseFails "case-fails" Error "4" "Correct the rule or the example.";
    FormatVersion "format-version" Error "4" "This program reads `format = 1`.";
    MissingFile "missing-file" Error "4" "Add the file to the framework's folder.";
    UnknownFile "unknown-file" Warning "4" "The file is not read; take it out or rename it.";
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

impl Code {
    /// The code of this name.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.id() == id)
    }
}
