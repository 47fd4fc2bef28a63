//! How many people live where: per cell and, where the sheet splits them, per leaf (sex x age). Parts are only
//! added up within one partition (method, section 7); a missing population is never zero (section 14.9).

use std::collections::{BTreeMap, BTreeSet};

use super::audit::Audit;
use super::cells::CellTable;
use super::overlaps::{overlapping_parts, say_sums};
use super::parts::parts_of;
use super::read_row::RowReader;
use super::slots::{LeafNames, SlotTable};
use super::units::{Keyed, KeyedSheets};
use crate::diag::place::listed;
use crate::diag::{CellRef, Checked, Code, Findings, Place};
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{AreaId, AreaTree, CellId, GroupId, IdVec, Leaf, People, SlotId};
use crate::framework::files::RoleName;
use crate::table::folded;

/// People by slot.
#[derive(Clone, Debug, Default)]
pub struct PopulationTable {
    /// The slots.
    pub slots: SlotTable,
    /// People living there.
    pub population: PeopleColumn,
    /// People affected, where the sheet says so.
    pub affected: PeopleColumn,
    /// People with disabilities, by cell: a count beside the partition, never added to it.
    pub disability: BTreeMap<CellId, People>,
    /// People with disabilities as all rows count them.
    pub disability_read: People,
    /// People of parts by sex and age whose total is stated beside them.
    pub parts_of_totals: People,
    /// Whether the cell's people enter sums.
    counted: IdVec<CellId, bool>,
    /// Where the cell's population stands.
    pub places: BTreeMap<CellId, Place>,
    /// Cells whose population is written but cannot be read, which has been said.
    pub unreadable: BTreeSet<CellId>,
}

impl PopulationTable {
    /// Whether the cell's people enter sums: it has a population, its groups have none of their own, and it is no sum of
    /// people in the areas below.
    pub fn is_counted(&self, cell: CellId) -> bool {
        self.counted[cell]
    }

    /// The population of a cell.
    pub fn of(&self, cell: CellId) -> Option<People> {
        self.at(self.slots.total(cell))
    }

    /// Whether the parts by sex and age of a total are all of its people. One part alone is some part of a group that is
    /// not split otherwise, unless it counts as many people as the group (method, section 15.22).
    pub fn is_split(&self, total: SlotId) -> bool {
        let (cell, _) = self.slots.get(total);
        let mut leaves = self.slots.leaves_of(cell).map(|(_, slot)| self.at(slot));
        match (leaves.next(), leaves.next()) {
            (Some(only), None) => only.is_some() && only == self.at(total),
            _ => true,
        }
    }

    /// The population of a slot.
    pub fn at(&self, slot: SlotId) -> Option<People> {
        self.population.get(slot.index())
    }
}

#[derive(Clone, Debug, Default)]
struct Entry {
    population: Option<People>,
    affected: Option<People>,
    place: Place,
}

/// Reads the population.
pub fn read_population(sheets: &KeyedSheets<'_, '_>, cells: &CellTable, areas: &AreaTree, audit: &mut Audit) -> Checked<PopulationTable> {
    let mut found = Findings::default();
    let mut entries: BTreeMap<(CellId, Option<Leaf>), Entry> = BTreeMap::new();
    let mut disability = Disability::new();
    let mut unreadable = BTreeSet::new();
    let mut names = LeafNames::default();
    for keyed in sheets.of(RoleName::Population) {
        for (_, leaf) in leaves_named(keyed, audit) {
            names.add(&leaf);
        }
        for (leaf, _) in &keyed.table.leaves {
            names.add(leaf);
        }
    }
    let given: Vec<(CellId, Leaf)> = sheets.of(RoleName::Estimates).flat_map(|keyed| leaves_named(keyed, audit)).collect();
    for (_, leaf) in &given {
        names.add(leaf);
    }
    for keyed in sheets.of(RoleName::Population) {
        read_table(keyed, &names, &mut entries, &mut disability, &mut unreadable, audit, &mut found);
    }
    let mut used: BTreeSet<(CellId, Leaf)> = entries.keys().filter_map(|(cell, leaf)| Some((*cell, leaf.clone()?))).collect();
    used.extend(given.into_iter().map(|(cell, leaf)| (cell, names.one_name(&leaf))));
    check_partitions(&used, cells, areas, &entries, &mut found);

    let stated: BTreeSet<CellId> =
        entries.iter().filter(|((_, leaf), entry)| leaf.is_none() && entry.population.is_some()).map(|((cell, _), _)| *cell).collect();
    let parts = entries.iter().filter(|((cell, leaf), _)| leaf.is_some() && stated.contains(cell));
    let parts_of_totals = parts.filter_map(|(_, entry)| entry.population).sum();
    let slots = SlotTable::new(cells, &used, names);
    let mut table = PopulationTable {
        population: PeopleColumn::missing(slots.len()),
        affected: PeopleColumn::missing(slots.len()),
        slots,
        disability_read: disability.values().copied().sum(),
        parts_of_totals,
        disability: with_disabilities(disability),
        counted: cells.ids().map(|_| false).collect(),
        places: BTreeMap::new(),
        unreadable,
    };
    for ((cell, leaf), entry) in &entries {
        let slot = leaf.as_ref().map_or_else(|| Some(table.slots.total(*cell)), |leaf| table.slots.leaf(*cell, leaf));
        if let Some(slot) = slot {
            table.population.set(slot.index(), entry.population);
            table.affected.set(slot.index(), entry.affected);
            table.places.entry(*cell).or_insert_with(|| entry.place.clone());
        }
    }
    for cell in cells.ids() {
        add_up_leaves(&mut table, cell, cells, areas, &mut found);
    }
    count_cells(&mut table, cells);
    leave_out_sums(&mut table, cells, areas);
    compare_with_parts(&table, cells, areas, &mut found);
    say_sums(&table, cells, areas, &mut found);
    found.with(table)
}

/// People with disabilities, of everybody in a cell or of one part.
type Disability = BTreeMap<(CellId, Option<Leaf>), People>;

/// The count of everybody in a cell where it stands, else the sum of those of its parts.
fn with_disabilities(counts: Disability) -> BTreeMap<CellId, People> {
    let mut known: BTreeMap<CellId, (Option<People>, People)> = BTreeMap::new();
    for ((cell, leaf), people) in counts {
        let (total, parts) = known.entry(cell).or_default();
        match leaf {
            None => *total = Some(people),
            Some(_) => *parts += people,
        }
    }
    known.into_iter().map(|(cell, (total, parts))| (cell, total.unwrap_or(parts))).collect()
}

/// Numbers of people that are possible and worth a look.
#[derive(Default)]
struct Odd {
    nobody: Vec<CellRef>,
    fractions: Vec<CellRef>,
}

impl Odd {
    fn see(&mut self, people: People, cell: impl Fn() -> CellRef) {
        if people == People::ZERO {
            self.nobody.push(cell());
        } else if !people.0.is_whole() {
            self.fractions.push(cell());
        }
    }

    fn say(self, found: &mut Findings) {
        for (code, what, cells) in [
            (Code::NobodyThere, "the population is 0, and nobody is in need there", self.nobody),
            (Code::PeopleNotWhole, "the population is no whole number", self.fractions),
        ] {
            if let Some(first) = cells.first() {
                found.add(code, Place::Cell(first.clone()), format!("{what}: {}", listed(&cells)));
            }
        }
    }
}

fn read_table(
    keyed: &Keyed<'_, '_>,
    names: &LeafNames,
    entries: &mut BTreeMap<(CellId, Option<Leaf>), Entry>,
    disability: &mut Disability,
    unreadable: &mut BTreeSet<CellId>,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    let mut odd = Odd::default();
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let population = reader.people(row, "population", Code::NegativePopulation);
        if population.is_none() && keyed.table.column("population").is_some_and(|column| reader.says_something(row, column)) {
            unreadable.insert(cell);
        }
        reader.used(number);
        let leaf = reader.leaf(row).map(|leaf| names.one_name(&leaf));
        match reader.text(row, "disability").map(|text| folded(&text)).as_deref() {
            None | Some("no" | "0" | "false" | "non") => {}
            Some("yes" | "1" | "true" | "oui" | "si" | "sim") => {
                if let Some(people) = population
                    && disability.insert((cell, leaf), people).is_some()
                {
                    let place = reader.place(number, "population");
                    reader.found.add(Code::DuplicateRow, place, "people with disabilities stand twice for these people");
                }
                continue;
            }
            Some(other) => {
                let place = reader.place(number, "disability");
                reader.found.add(Code::UnknownAnswer, place, format!("`{other}` is neither yes nor no"));
                continue;
            }
        }
        if let (Some(people), Some(column)) = (population, keyed.table.column("population")) {
            odd.see(people, || reader.cell(number, column));
        }
        let affected = reader.people(row, "affected", Code::NegativePeople);
        if reader.is_total_of_parts(number, leaf.as_ref()) {
            continue;
        }
        let place = reader.place(number, "population");
        let mut parts = vec![(leaf, population, affected)];
        if !keyed.table.leaves.is_empty() {
            // With a column per leaf the row's own population, if any, is the total; else that of the sexes.
            let of_sexes: Vec<Option<People>> = keyed
                .table
                .sexes
                .iter()
                .map(|(leaf, column)| reader.people_at(row, *column, &leaf.to_string(), Code::NegativePopulation))
                .collect();
            let total = People::sum_if_all_known(of_sexes).filter(|_| keyed.table.sexes.len() == 2);
            if keyed.table.column("population").is_none() {
                parts = total.map(|total| (None, Some(total), None)).into_iter().collect();
            }
            for (leaf, column) in &keyed.table.leaves {
                let people = reader.people_at(row, *column, &leaf.to_string(), Code::NegativePopulation);
                if people.is_none() && reader.says_something(row, *column) {
                    unreadable.insert(cell);
                }
                parts.push((Some(names.one_name(leaf)), people, None));
            }
        }
        for (leaf, population, affected) in parts {
            match entries.get(&(cell, leaf.clone())) {
                Some(first) => {
                    let message = format!("this area and group stand here and in {}", first.place);
                    reader.found.add(Code::DuplicateRow, reader.key_place(number), message);
                }
                None => {
                    entries.insert((cell, leaf), Entry { population, affected, place: place.clone() });
                }
            }
        }
    }
    odd.say(reader.found);
}

/// The leaves that a table names, by row and as columns.
fn leaves_named(keyed: &Keyed<'_, '_>, audit: &mut Audit) -> Vec<(CellId, Leaf)> {
    let mut unsaid = Findings::default();
    let mut reader = RowReader { table: keyed.table, found: &mut unsaid, audit };
    if reader.table.column("sex").or(reader.table.column("age")).is_none() {
        return Vec::new();
    }
    let row_leaf = |&(number, cell): &(u32, CellId)| Some((cell, reader.row(number).and_then(|row| reader.leaf(row))?));
    keyed.rows.iter().filter_map(row_leaf).collect()
}

/// Each cell may be split one way only: by sex, by age, or by both.
fn check_partitions(
    used: &BTreeSet<(CellId, Leaf)>,
    cells: &CellTable,
    areas: &AreaTree,
    entries: &BTreeMap<(CellId, Option<Leaf>), Entry>,
    found: &mut Findings,
) {
    let mut parts: BTreeMap<CellId, Vec<&Leaf>> = BTreeMap::new();
    for (cell, leaf) in used {
        parts.entry(*cell).or_default().push(leaf);
    }
    for (cell, leaves) in parts {
        let ways: BTreeSet<(bool, bool)> = leaves.iter().map(|leaf| (leaf.sex.is_empty(), leaf.age.is_empty())).collect();
        let several = (ways.len() > 1).then(|| format!("is split in {} ways that overlap", ways.len()));
        let Some(what) = several.or_else(|| Some(format!("is split into parts that overlap: {}", overlapping_parts(leaves.into_iter())?)))
        else {
            continue;
        };
        let place = entries.range((cell, None)..).next().map(|(_, entry)| entry.place.clone()).unwrap_or_default();
        found.add(Code::OverlappingCategories, place, format!("{} {what}", cells.name(areas, cell)));
    }
}

fn add_up_leaves(table: &mut PopulationTable, cell: CellId, cells: &CellTable, areas: &AreaTree, found: &mut Findings) {
    let leaves = table.slots.leaves_of(cell).map(|(_, slot)| table.at(slot));
    let total_slot = table.slots.total(cell);
    let whole = People::sum_if_all_known(leaves);
    if let (Some(sum), Some(total)) = (whole, table.at(total_slot))
        && sum.rounded() != total.rounded()
    {
        let message = format!("{}: the parts add up to {sum}, the total says {total}", cells.name(areas, cell));
        found.add(Code::PartsDiffer, table.places.get(&cell).cloned().unwrap_or_default(), message);
    }
    if table.at(total_slot).is_none() {
        table.population.set(total_slot.index(), whole);
    }
    if table.affected.get(total_slot.index()).is_none() {
        let parts = table.slots.leaves_of(cell).map(|(_, slot)| table.affected.get(slot.index())).collect::<Option<Vec<People>>>();
        table.affected.set(total_slot.index(), parts.filter(|parts| !parts.is_empty()).map(|parts| parts.into_iter().sum()));
    }
}

/// The people of a whole area, or of a whole pocket, are those of its groups where these have people of their own.
fn count_cells(table: &mut PopulationTable, cells: &CellTable) {
    let with_groups: BTreeSet<CellId> =
        cells.ids().filter(|&cell| table.of(cell).is_some()).filter_map(|cell| cells.whole_of(cell)).collect();
    for cell in cells.ids() {
        table.counted[cell] = table.of(cell).is_some() && !with_groups.contains(&cell);
    }
}

/// People by group, within areas.
type ByGroup = BTreeMap<AreaId, BTreeMap<Option<GroupId>, People>>;

fn people_below(table: &PopulationTable, cells: &CellTable, areas: &AreaTree) -> ByGroup {
    let mut below = ByGroup::new();
    for cell in cells.ids().filter(|&cell| table.is_counted(cell)) {
        let key = cells.key(cell);
        for area in areas.path(key.area).skip(1) {
            *below.entry(area).or_default().entry(key.group).or_default() += table.of(cell).unwrap_or_default();
        }
    }
    below
}

/// A population stated for an area and for areas in it: the area's own is their sum, not more people. A group that no area
/// in it has lives there all the same, and so do the people of a pocket (method, section 15.20).
fn leave_out_sums(table: &mut PopulationTable, cells: &CellTable, areas: &AreaTree) {
    let below = people_below(table, cells, areas);
    for cell in cells.ids() {
        let key = cells.key(cell);
        let Some(groups) = below.get(&key.area).filter(|_| key.pocket.is_empty()) else { continue };
        // Where the areas in it do not tell groups apart, any group of the area is among their people.
        if key.group.is_none() || groups.contains_key(&key.group) || groups.contains_key(&None) {
            table.counted[cell] = false;
        }
    }
}

/// Whoever is not counted is held against those who are counted in their place.
fn compare_with_parts(table: &PopulationTable, cells: &CellTable, areas: &AreaTree, found: &mut Findings) {
    let below = people_below(table, cells, areas);
    // Groups of an area of which the areas in it do not speak, together.
    let mut unspoken: BTreeMap<AreaId, (People, CellId)> = BTreeMap::new();
    for cell in cells.ids().filter(|&cell| !table.is_counted(cell)) {
        let Some(people) = table.of(cell) else { continue };
        let area = cells.key(cell).area;
        let parts = parts_of(cell, cells, areas, table);
        if parts.is_empty() {
            unspoken.entry(area).or_insert((People::ZERO, cell)).0 += people;
            continue;
        }
        let sum: People = parts.into_iter().filter_map(|part| table.of(part)).sum();
        let place = || table.places.get(&cell).cloned().unwrap_or_default();
        let name = cells.name(areas, cell);
        if below.contains_key(&area) && people.rounded() != sum.rounded() {
            let message = format!("{name} has {people} people, those counted in it are {sum}");
            found.add(Code::ChildrenDiffer, place(), message);
        } else if !below.contains_key(&area) && people != sum {
            let message = format!("{name}: there are {people} people here, its groups have {sum}; the groups are counted");
            found.add(Code::PopulationDiffers, place(), message);
        }
    }
    for (area, (people, cell)) in unspoken {
        let sum: People = below.get(&area).into_iter().flat_map(BTreeMap::values).copied().sum();
        if people.rounded() != sum.rounded() {
            let code = &areas.get(area).pcode;
            let message = format!(
                "the groups of `{code}` have {people} people, the areas in it, which do not tell these groups apart, {sum}; those in it are counted"
            );
            found.add(Code::ChildrenDiffer, table.places.get(&cell).cloned().unwrap_or_default(), message);
        }
    }
}
