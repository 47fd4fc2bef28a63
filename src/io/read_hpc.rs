//! What the humanitarian programme cycle's planning system says of a plan (JSON: caseloads, and their people by area and
//! category) becomes one sheet in the layout of the needs tables that are published from it. Nothing is added up here.

use std::path::Path;

use serde::Deserialize;

use super::error::ReadError;
use super::guard::limits;
use crate::table::workbook::{CellMarks, SheetNotes};
use crate::table::{CellValue, Sheet, SheetBuilder};

/// A file of this kind may have so many bytes.
const LARGEST: usize = 64 << 20;

/// The headers of the published tables; the country is not told by the file.
const HEADERS: [&str; 17] = [
    "Admin 1 PCode",
    "Admin 1 Name",
    "Admin 2 PCode",
    "Admin 2 Name",
    "Admin 3 PCode",
    "Admin 3 Name",
    "Description",
    "Cluster",
    "Category",
    "Population",
    "In Need",
    "Targeted",
    "Affected",
    "Reached",
    "Info",
    "Location",
    "Caseload",
];

#[derive(Deserialize)]
struct Answer {
    data: Plan,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    #[serde(default)]
    locations: Vec<Location>,
    caseloads: Vec<Caseload>,
    #[serde(default)]
    plan_global_clusters: Vec<Cluster>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    id: u64,
    name: String,
    admin_level: u8,
    pcode: Option<String>,
    parent_location_id: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Caseload {
    #[serde(default)]
    caseload_custom_ref: Option<String>,
    caseload_type: String,
    #[serde(default)]
    caseload_description: Option<String>,
    #[serde(default)]
    available_global_cluster_code: Option<String>,
    entity_id: Option<u64>,
    #[serde(flatten)]
    people: People,
    #[serde(default)]
    disaggregated_attachments: Vec<Part>,
}

/// People as a caseload counts them.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct People {
    total_population: Option<f64>,
    affected: Option<f64>,
    in_need: Option<f64>,
    target: Option<f64>,
    expected_reach: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    location_id: Option<u64>,
    #[serde(default)]
    category_label: Option<String>,
    #[serde(default)]
    data_matrix: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    metric_type: String,
    value: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cluster {
    #[serde(default)]
    plan_clusters: Vec<u64>,
    global_cluster_code: String,
    #[serde(default)]
    global_cluster_type: Option<String>,
}

/// Whether these bytes may be such a file.
pub fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads a plan as one sheet. `path` only names it.
///
/// # Errors
/// When it is no such file, or holds what the layout does not know.
pub fn read_plan(path: &Path, bytes: &[u8]) -> Result<Sheet, ReadError> {
    let broken = |what: String| ReadError::Json { path: path.to_owned(), what };
    if bytes.len() > LARGEST {
        return Err(broken(format!("it has {} MB, more than {}", bytes.len() >> 20, LARGEST >> 20)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Answer { data: plan } = serde_json::from_slice(bytes).map_err(|error| broken(error.to_string()))?;
    let mut rows = Rows { plan: &plan, builder: SheetBuilder::default(), row: 1 };
    for (column, header) in (1..).zip(HEADERS) {
        rows.builder.push(1, column, CellValue::Text(header), CellMarks::default());
    }
    for caseload in &plan.caseloads {
        rows.push(caseload, None, "", caseload.people).map_err(broken)?;
        for part in &caseload.disaggregated_attachments {
            let people = part.people().map_err(broken)?;
            rows.push(caseload, part.location_id, part.category_label.as_deref().unwrap_or_default(), people).map_err(broken)?;
        }
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut sheet = rows.builder.finish(&stem, false);
    sheet.notes = SheetNotes {
        read_as: vec!["a plan of the humanitarian programme cycle, as a table: row 2 is its first caseload".into()],
        ..SheetNotes::default()
    };
    Ok(sheet)
}

impl Part {
    fn people(&self) -> Result<People, String> {
        let mut people = People::default();
        for Metric { metric_type, value } in &self.data_matrix {
            let slot = match metric_type.as_str() {
                "totalPopulation" => &mut people.total_population,
                "affected" => &mut people.affected,
                "inNeed" => &mut people.in_need,
                "target" => &mut people.target,
                "expectedReach" | "cumulativeReach" => &mut people.expected_reach,
                // Measures of a response that no table carries.
                _ => continue,
            };
            if slot.is_some() {
                return Err(format!("a part of a caseload counts `{metric_type}` twice"));
            }
            *slot = *value;
        }
        Ok(people)
    }
}

/// The rows of the sheet as they grow.
struct Rows<'a> {
    plan: &'a Plan,
    builder: SheetBuilder,
    row: u32,
}

impl Rows<'_> {
    fn push(&mut self, caseload: &Caseload, location: Option<u64>, category: &str, people: People) -> Result<(), String> {
        self.row += 1;
        let mut texts: Vec<(usize, String)> = Vec::new();
        let mut next = location;
        for _ in 0..=5 {
            let Some(id) = next else { break };
            let of = self.plan.locations.iter().find(|location| location.id == id).ok_or_else(|| format!("there is no location {id}"))?;
            if (1..=3).contains(&of.admin_level) {
                let column = usize::from(of.admin_level) * 2 - 2;
                texts.push((column, of.pcode.clone().unwrap_or_default()));
                texts.push((column + 1, of.name.clone()));
            }
            next = of.parent_location_id;
        }
        let cluster = self.cluster(caseload);
        let info = match (&cluster, caseload.entity_id) {
            (None, Some(entity)) => format!("No cluster for entity {entity}"),
            _ => String::new(),
        };
        let of = |text: &Option<String>| text.clone().unwrap_or_default();
        let location = location.map_or_else(String::new, |id| id.to_string());
        texts.extend([
            (6, of(&caseload.caseload_description)),
            (7, cluster.unwrap_or_default()),
            (8, category.to_owned()),
            (14, info),
            (15, location),
            (16, of(&caseload.caseload_custom_ref)),
        ]);
        if let Some((_, text)) = texts.iter().find(|(_, text)| text.chars().count() > limits::TEXT) {
            return Err(format!("a text has {} characters, more than a cell can hold", text.chars().count()));
        }
        let numbers = [people.total_population, people.in_need, people.target, people.affected, people.expected_reach];
        let row = self.row;
        let mut cell = |at: usize, value: CellValue<'_>| {
            self.builder.push(row, u32::try_from(at + 1).unwrap_or(u32::MAX), value, CellMarks::default());
        };
        for (at, text) in &texts {
            cell(*at, CellValue::Text(text));
        }
        for (at, number) in (9..).zip(numbers) {
            cell(at, number.map_or(CellValue::Blank, CellValue::Number));
        }
        Ok(())
    }

    /// The code of a caseload's cluster: its own where the plan knows it, else that of its entity; `ALL` for the whole plan.
    fn cluster(&self, caseload: &Caseload) -> Option<String> {
        if caseload.caseload_type == "plan" {
            return Some("ALL".into());
        }
        let code = caseload.available_global_cluster_code.as_deref().unwrap_or_default();
        let clusters = &self.plan.plan_global_clusters;
        if clusters.iter().any(|cluster| cluster.global_cluster_code == code) {
            return Some(code.to_owned());
        }
        let entity = caseload.entity_id?;
        let is_aor = |cluster: &&Cluster| cluster.global_cluster_type.as_deref() == Some("aor");
        let of_entity = clusters.iter().filter(|cluster| cluster.plan_clusters.contains(&entity)).find(|cluster| !is_aor(cluster));
        of_entity.map(|cluster| cluster.global_cluster_code.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"{"data":{"locations":[{"id":1,"name":"Isles","adminLevel":0,"pcode":"XV","parentLocationId":null},
        {"id":2,"name":"Great Island","adminLevel":1,"pcode":"XV01","parentLocationId":1},{"id":3,"name":"Cape","adminLevel":2,"pcode":"XV0101","parentLocationId":2}],
        "planGlobalClusters":[{"planClusters":[70],"globalClusterCode":"PRO","globalClusterType":"global"},{"planClusters":[70],"globalClusterCode":"PRO-CPN","globalClusterType":"aor"},{"planClusters":[77],"globalClusterCode":"MS"}],
        "caseloads":[{"caseloadType":"plan","caseloadDescription":"All","availableGlobalClusterCode":"n/a","entityId":null,"totalPopulation":900,"inNeed":300,"target":200,"disaggregatedAttachments":[
            {"locationId":3,"categoryLabel":"total","dataMatrix":[{"metricType":"inNeed","value":30.5},{"metricType":"totalPopulation","value":90}]}]},
        {"caseloadType":"cluster","caseloadDescription":"Cash","availableGlobalClusterCode":"MPC","entityId":77,"inNeed":5},
        {"caseloadType":"cluster","caseloadDescription":"Refugees","availableGlobalClusterCode":"n/a","entityId":99,"inNeed":7}]}}"#;

    #[test]
    fn caseloads_and_their_parts_are_rows() {
        let sheet = read_plan(Path::new("plan.json"), PLAN.as_bytes()).unwrap();
        let line = |number: u32| {
            let cells = sheet.row(number).unwrap().cells();
            cells.map(|(column, value)| match value {
                CellValue::Number(number) => format!("{column}={number}"),
                CellValue::Text(text) => format!("{column}={text}"),
                _ => String::new(),
            })
        };
        let line = |number: u32| line(number).collect::<Vec<_>>().join(" ");
        assert_eq!(line(2), "7=All 8=ALL 10=900 11=300 12=200");
        assert_eq!(line(3), "1=XV01 2=Great Island 3=XV0101 4=Cape 7=All 8=ALL 9=total 10=90 11=30.5 16=3");
        assert_eq!(line(4), "7=Cash 8=MS 11=5");
        assert_eq!(line(5), "7=Refugees 11=7 15=No cluster for entity 99");
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        let said = |text: &str| read_plan(Path::new("plan.json"), text.as_bytes()).unwrap_err().to_string();
        assert!(said("{}").contains("missing field `data`"));
        assert!(said(&PLAN.replace("\"locationId\":3", "\"locationId\":4")).contains("there is no location 4"));
        assert!(said(&PLAN[..PLAN.len() - 3]).contains("EOF"));
        assert!(is_json(b" \n{\"data\":1}") && !is_json(b"PK\x03\x04") && !is_json(b"a,b"));
    }
}
