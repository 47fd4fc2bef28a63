//! Columns that tell persons apart: names, telephone numbers, addresses, coordinates, who asked. Known by their headers, in
//! the languages of the forms. A sheet of households that has any is refused unless the run leaves them out; what stands in
//! them is read by nothing and shown nowhere.

use std::collections::{BTreeMap, BTreeSet};

use super::Located;
use super::headers::Header;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::RoleName;
use crate::table::folded;

/// Words that say it in a header of which every other word only says whose it is.
const WORDS: [&str; 62] = [
    "nin",
    "nid",
    "ssn",
    "curp",
    "card",
    "الهاتف",
    "imei",
    "photo",
    "foto",
    "initials",
    "dob",
    "birthdate",
    "cni",
    "phone",
    "telephone",
    "telefono",
    "telefone",
    "tel",
    "mobile",
    "celular",
    "movil",
    "whatsapp",
    "phonenumber",
    "email",
    "mail",
    "correo",
    "courriel",
    "gps",
    "latitude",
    "longitude",
    "latitud",
    "longitud",
    "lat",
    "lon",
    "geolocation",
    "geopoint",
    "coordinates",
    "coordonnees",
    "coordenadas",
    "address",
    "adresse",
    "direccion",
    "endereco",
    "enumerator",
    "enqueteur",
    "encuestador",
    "entrevistador",
    "inquiridor",
    "interviewer",
    "passport",
    "passeport",
    "pasaporte",
    "passaporte",
    "cedula",
    "signature",
    "firma",
    "assinatura",
    "deviceid",
    "subscriberid",
    "simserial",
    "username",
    "هاتف",
];

/// Words that only say whose it is, or which part of it.
const BESIDE: [&str; 57] = [
    "e",
    "location",
    "chef",
    "menage",
    "jefe",
    "jefa",
    "hogar",
    "chefe",
    "agregado",
    "interviewee",
    "beneficiary",
    "n",
    "do",
    "da",
    "el",
    "ip",
    "al",
    "number",
    "no",
    "num",
    "nr",
    "numero",
    "code",
    "id",
    "respondent",
    "repondant",
    "encuestado",
    "head",
    "hoh",
    "household",
    "contact",
    "contacto",
    "person",
    "personne",
    "persona",
    "of",
    "the",
    "de",
    "du",
    "del",
    "la",
    "le",
    "l",
    "d",
    "name",
    "nom",
    "nombre",
    "nome",
    "altitude",
    "precision",
    "start",
    "end",
    "electronico",
    "main",
    "hh",
    "your",
    "رقم",
];

/// Several words that say it together, in this order.
const PHRASES: [&str; 46] = [
    "your name",
    "votre nom",
    "su nombre",
    "seu nome",
    "nome do entrevistado",
    "date of birth",
    "date de naissance",
    "fecha de nacimiento",
    "data de nascimento",
    "case number",
    "progres id",
    "unhcr id",
    "ip address",
    "respondent name",
    "name of respondent",
    "name respondent",
    "full name",
    "first name",
    "last name",
    "family name",
    "surname",
    "head name",
    "name of head",
    "household head name",
    "contact name",
    "nom du repondant",
    "nom complet",
    "nom et prenom",
    "prenom",
    "nom de famille",
    "nom du chef",
    "nombre completo",
    "nombre del encuestado",
    "nombre del jefe",
    "apellido",
    "apellidos",
    "nome completo",
    "nome do chefe",
    "sobrenome",
    "id number",
    "national id",
    "identity number",
    "submitted by",
    "enum id",
    "الاسم الكامل",
    "اسم المستجيب",
];

/// Words for a name, and for whom it may be: the two in one header, in either order, name a person.
const NAMES: [&str; 5] = ["name", "names", "nom", "nombre", "nome"];
const PERSONS: [&str; 32] = [
    "hoh",
    "hohh",
    "head",
    "interviewee",
    "beneficiary",
    "child",
    "children",
    "caregiver",
    "informant",
    "respondent",
    "mother",
    "father",
    "spouse",
    "member",
    "survivor",
    "victim",
    "repondant",
    "beneficiaire",
    "enfant",
    "chef",
    "mere",
    "pere",
    "encuestado",
    "beneficiario",
    "beneficiaria",
    "nino",
    "jefe",
    "jefa",
    "madre",
    "padre",
    "crianca",
    "chefe",
];

/// Headers that are nothing but such a word: of places they say more.
const ALONE: [&str; 8] = ["name", "nom", "nombre", "nome", "الاسم", "اسم", "contact", "contacto"];

/// Keys that an export gives each form: they lead back to it, and say nothing by themselves.
const KEYS: [&str; 4] = ["uuid", "instanceid", "instance id", "root uuid"];

/// What a header says of persons.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Personal {
    /// It tells persons apart.
    Identifier,
    /// It leads back to the record of a form.
    RecordKey,
}

/// Of a header with groups of a form before a slash the last part is asked. Of a question with a column for each option the
/// options are answers and say nothing of the kind.
fn personal_of(header: &Header, headers: &[Header]) -> Option<Personal> {
    let Some((before, last)) = header.text.rsplit_once('/') else { return personal(&header.text) };
    let is_option = headers.iter().any(|other| other.text == before);
    if is_option { None } else { personal(last) }
}

fn personal(header: &str) -> Option<Personal> {
    let plain: String = folded(header).chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let has = |phrase: &str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        words.windows(parts.len()).any(|window| window == parts.as_slice())
    };
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let only_that = words.iter().all(|word| WORDS.contains(word) || BESIDE.contains(word) || is_number(word));
    // `name of the child`, and not `name of the village of the child`.
    let names_person = words.iter().any(|word| NAMES.contains(word))
        && words.iter().any(|word| PERSONS.contains(word))
        && words.iter().all(|word| NAMES.contains(word) || PERSONS.contains(word) || BESIDE.contains(word) || is_number(word));
    let alone = matches!(words.as_slice(), [word] if ALONE.contains(word));
    if alone || names_person || (only_that && words.iter().any(|word| WORDS.contains(word))) || PHRASES.iter().any(|phrase| has(phrase)) {
        return Some(Personal::Identifier);
    }
    KEYS.iter().any(|key| has(key)).then_some(Personal::RecordKey)
}

/// The columns of a table that tell persons or records apart. A column that the table reads keeps its meaning, unless its
/// header says that it is one of them.
pub(super) fn personal_columns(headers: &[Header], read: &BTreeMap<String, (u32, String)>, role: RoleName) -> BTreeSet<u32> {
    let is_read = |header: &Header| read.values().any(|(column, _)| *column == header.column);
    // In a table of areas a name is an area's.
    let of_place = |header: &Header| role != RoleName::Households && ALONE.contains(&folded(&header.text).as_str());
    let is_personal = |header: &&Header| match personal_of(header, headers) {
        None => false,
        Some(_) if of_place(header) => false,
        Some(Personal::Identifier) => true,
        Some(Personal::RecordKey) => !is_read(header),
    };
    headers.iter().filter(is_personal).map(|header| header.column).collect()
}

/// Refuses a sheet of households that has such columns, or says that they are left out. Their headers are named, what stands
/// below them never is.
pub(super) fn note_personal(table: &Located<'_>, headers: &[Header], drops: bool, found: &mut Findings) {
    if table.layout.role != RoleName::Households {
        return;
    }
    let of_kind = |kind: Personal| {
        let cells = headers.iter().filter(|header| table.personal.contains(&header.column) && personal_of(header, headers) == Some(kind));
        let cells: Vec<(CellRef, String)> = cells
            .map(|header| {
                let cell = CellRef { sheet: table.sheet.name.clone(), row: table.frame.header_row, column: header.column };
                let name = format!("{} ({})", quoted(&header.text), cell.address());
                (cell, name)
            })
            .collect();
        let names: Vec<String> = cells.iter().map(|(_, name)| name.clone()).collect();
        cells.into_iter().next().map(|(first, _)| (Place::Cell(first), names.join(", ")))
    };
    if let Some((place, names)) = of_kind(Personal::Identifier) {
        let (code, fate) = if drops { (Code::IdentifiersLeftOut, " are left out") } else { (Code::IdentifierColumns, "") };
        found.add(code, place, format!("columns that tell persons apart{fate}: {names}"));
    }
    if let Some((place, names)) = of_kind(Personal::RecordKey) {
        found.add(Code::IdentifiersLeftOut, place, format!("keys of the forms are left out: {names}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_tell_persons_apart() {
        for header in [
            "respondent_name",
            "Phone number",
            "_gps_latitude",
            "enumerator_id",
            "Numéro de téléphone",
            "N° de téléphone",
            "رقم الهاتف",
            "What is your name?",
            "nom",
            "Nome do entrevistador",
            "birthdate",
            "ID card",
            "_gps_precision",
            "GPS",
            "_geolocation",
            "Nom du répondant",
            "رقم هاتف",
            "e-mail",
            "phone_2",
            "hoh_name",
            "interviewee_name",
            "child name",
            "NIN",
            "Téléphone 1",
            "telefono_jefe_hogar",
            "Numéro de téléphone du chef de ménage",
            "GPS location",
            "_location_latitude",
            "Nom de l'enfant",
        ] {
            assert_eq!(personal(header), Some(Personal::Identifier), "{header}");
        }
        for header in ["_uuid", "instanceID"] {
            assert_eq!(personal(header), Some(Personal::RecordKey), "{header}");
        }
        for header in [
            "etc_access_to_phone",
            "cash via mobile money",
            "lost my id card",
            "household_id",
            "admin2_name",
            "age_head",
            "age_respondent",
            "telling",
            "population",
            "hotel",
            "head_of_household",
            "child_labour",
            "location",
            "location_2",
            "chef_menage",
            "children",
            "start",
        ] {
            assert_eq!(personal(header), None, "{header}");
        }
    }
}
