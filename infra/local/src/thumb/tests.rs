use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use naming::targets;

fn named(relative: &[&str]) -> Vec<String> {
    let paths: Vec<&Path> = relative.iter().map(Path::new).collect();
    targets(&paths).into_iter().map(|path| path.to_str().unwrap().replace('\\', "/")).collect()
}

#[test]
fn a_thumbnail_has_the_name_of_its_picture() {
    assert_eq!(named(&["a.png", "trip/b.JPG", "trip/deep/c"]), ["a.jpg", "trip/b.jpg", "trip/deep/c.jpg"]);
    assert_eq!(named(&["archive.tar.gz"]), ["archive.tar.jpg"]);
}

#[test]
fn pictures_that_would_share_a_name_keep_their_extensions() {
    assert_eq!(named(&["a.png", "a.jpg", "b.jpg"]), ["a.png.jpg", "a.jpg.jpg", "b.jpg"]);
    assert_eq!(named(&["x/a.png", "y/a.jpg"]), ["x/a.jpg", "y/a.jpg"]);
}

#[test]
fn names_that_differ_in_case_count_as_the_same() {
    assert_eq!(named(&["A.png", "a.jpg"]), ["A.png.jpg", "a.jpg.jpg"]);
}

#[test]
fn a_name_is_never_given_twice() {
    assert_eq!(named(&["a.jpg", "a.jpg", "a.jpg"]), ["a.jpg.jpg", "a.jpg-2.jpg", "a.jpg-3.jpg"]);
    let all = named(&["a.png", "a.jpg", "a.png.gif", "a.jpg"]);
    assert_eq!(all, ["a.png-2.jpg", "a.jpg.jpg", "a.png.jpg", "a.jpg-2.jpg"]);
}

#[test]
fn nothing_is_written_outside_the_output_folder() {
    assert_eq!(named(&["../../a.png", "/etc/b.png"]), ["a.jpg", "etc/b.jpg"]);
}

#[test]
fn sizes_are_parsed() {
    assert_eq!(parse_size("160x120"), Ok(Size::new(160, 120).unwrap()));
    for bad in ["", "160", "160x", "x120", "0x10", "5000x1", "-1x5", "1x2x3"] {
        assert!(parse_size(bad).is_err(), "{bad}");
    }
}

fn run_on(inputs: &[&Path], out: &Path) -> bool {
    let inputs = inputs.iter().map(PathBuf::from).collect();
    let args = Args { inputs, out: out.to_owned(), size: Size::default(), json: false };
    run(args).unwrap() == ExitCode::SUCCESS
}

#[test]
fn a_folder_keeps_its_structure_and_a_bad_file_does_not_stop_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let (photos, out) = (dir.path().join("photos"), dir.path().join("photos/thumbs"));
    fs::create_dir_all(photos.join("trip")).unwrap();
    fs::write(photos.join("a.png"), fixtures::gray_png()).unwrap();
    fs::write(photos.join("trip/b.jpg"), fixtures::photo_jpeg(64, 48, 1)).unwrap();
    fs::write(photos.join(".hidden"), fixtures::text()).unwrap();
    assert!(run_on(&[&photos], &out));

    fs::write(photos.join("bad.jpg"), fixtures::truncated_jpeg()).unwrap();
    // The thumbnails of the first run lie inside the folder and must not become pictures themselves.
    assert!(!run_on(&[&photos], &out));
    let mut made: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    made.sort();
    assert_eq!(made, ["a.jpg", "trip"]);
    assert!(fs::read(out.join("trip/b.jpg")).unwrap().starts_with(&[0xFF, 0xD8]));
}

#[test]
fn a_picture_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let original = fixtures::photo_jpeg(64, 48, 1);
    fs::write(dir.path().join("a.jpg"), &original).unwrap();
    fs::write(dir.path().join("b.png"), fixtures::gray_png()).unwrap();
    assert!(!run_on(&[dir.path()], dir.path()));
    assert_eq!(fs::read(dir.path().join("a.jpg")).unwrap(), original);
    assert!(dir.path().join("b.jpg").exists());
}

#[test]
fn a_file_that_is_not_there_is_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    assert!(!run_on(&[&dir.path().join("missing.jpg")], &dir.path().join("out")));
}
