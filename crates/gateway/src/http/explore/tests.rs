use std::{collections::BTreeSet, fs, path::Path as FilePath};

use super::*;

fn headers(name: HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::try_from(value).unwrap())])
}

#[test]
fn gzip_is_sent_to_those_who_take_it() {
    for (given, expected) in [
        ("gzip", true),
        ("gzip, deflate, br, zstd", true),
        ("br;q=1.0, gzip;q=0.8", true),
        ("*", true),
        ("gzip;q=0", false),
        ("identity", false),
        ("", false),
    ] {
        assert_eq!(accepts_gzip(&headers(ACCEPT_ENCODING, given)), expected, "{given}");
    }
}

#[test]
fn a_file_is_known_by_its_tag() {
    let etag = HeaderValue::from_static("\"abc\"");
    for (given, expected) in
        [("\"abc\"", true), ("\"x\", \"abc\"", true), ("W/\"abc\"", true), ("*", true), ("\"ab\"", false)]
    {
        assert_eq!(is_known(&headers(IF_NONE_MATCH, given), &etag), expected, "{given}");
    }
}

#[test]
fn every_file_of_the_folder_is_served() {
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("assets/explore");
    let mut files = BTreeSet::new();
    for below in ["", "vendor/"] {
        for entry in fs::read_dir(folder.join(below)).unwrap().flatten() {
            if entry.path().is_file() {
                files.insert(format!("{below}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    assert_eq!(assets::all().iter().map(|asset| asset.path.to_owned()).collect::<BTreeSet<_>>(), files);
}

#[test]
fn the_page_writes_no_text_as_html_and_holds_no_script_or_style_of_its_own() {
    let own = assets::all().iter().filter(|asset| !asset.path.starts_with("vendor/"));
    for asset in own {
        let text = String::from_utf8_lossy(&asset.form(false).bytes);
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "javascript:"] {
            assert!(!text.contains(forbidden), "`{forbidden}` in {}", asset.path);
        }
        if asset.path == "index.html" {
            for forbidden in ["<style", " style=", " onclick=", " onload=", "<script>"] {
                assert!(!text.contains(forbidden), "`{forbidden}` in {}", asset.path);
            }
        }
    }
}

#[test]
fn other_bytes_have_other_tags() {
    let tags =
        assets::all().iter().flat_map(|asset| [asset.form(false), asset.form(true)]).map(|form| form.etag.as_bytes());
    assert_eq!(tags.collect::<BTreeSet<_>>().len(), assets::all().len() * 2);
}
