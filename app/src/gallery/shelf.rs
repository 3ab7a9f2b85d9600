//! The images that the gallery knows, as plain data.

use wire::{Image, ImageId, ImagePage, Status};

/// Newest first: an id counts down with time, so the order of ids is the order of the gallery.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shelf {
    /// In the order of their keys.
    images: Vec<Image>,
    /// Deleted by the person, though the server may still list them; in order.
    hidden: Vec<ImageId>,
    /// Where the next page starts; none before the first page and after the last.
    next_cursor: Option<String>,
    /// At least one page has come.
    loaded: bool,
}

impl Shelf {
    /// Every image, newest first.
    pub(crate) fn images(&self) -> &[Image] {
        &self.images
    }

    pub(crate) fn get(&self, key: ImageId) -> Option<&Image> {
        self.position(key).map(|at| &self.images[at])
    }

    /// How many images come before this one.
    pub(crate) fn position(&self, key: ImageId) -> Option<usize> {
        self.find(key).ok()
    }

    pub(crate) fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// Those that the server still works on.
    pub(crate) fn processing(&self) -> Vec<ImageId> {
        let waits = |image: &&Image| image.status == Status::Processing;
        self.images.iter().filter(waits).map(|image| image.key).collect()
    }

    /// Takes the first page, at the start or again later: what it spans and no longer lists was deleted.
    ///
    /// `newest_before` is the newest image known when the page was asked for; what came since is kept.
    pub(crate) fn refresh(&mut self, page: ImagePage, newest_before: Option<ImageId>) {
        let came_since = |key: ImageId| newest_before.is_none_or(|newest| key < newest);
        let oldest_listed = page.images.last().map(|image| image.key);
        let lists_all = page.next_cursor.is_none();
        let meets_known =
            page.images.iter().any(|image| !came_since(image.key) && self.get(image.key).is_some());
        // Without a common image there may be others between the page and those known: start over behind it.
        let keeps_older = meets_known && !lists_all;
        self.images.retain(|image| came_since(image.key) || (keeps_older && Some(image.key) > oldest_listed));
        let oldest_known = self.images.last().map(|image| image.key);
        if !(keeps_older && oldest_known > oldest_listed) {
            self.next_cursor.clone_from(&page.next_cursor);
        }
        self.loaded = true;
        page.images.into_iter().for_each(|image| self.put(image));
    }

    /// Takes the page that was asked for with a cursor, unless a refresh has moved on meanwhile.
    pub(crate) fn append(&mut self, cursor: &str, page: ImagePage) {
        if self.next_cursor() != Some(cursor) {
            return;
        }
        self.next_cursor = page.next_cursor;
        page.images.into_iter().for_each(|image| self.put(image));
    }

    /// Takes one new or changed image.
    pub(crate) fn put(&mut self, image: Image) {
        if self.hidden.binary_search(&image.key).is_ok() {
            return;
        }
        match self.find(image.key) {
            Ok(at) => self.images[at] = image,
            Err(at) => self.images.insert(at, image),
        }
    }

    pub(crate) fn remove(&mut self, key: ImageId) -> Option<Image> {
        self.find(key).ok().map(|at| self.images.remove(at))
    }

    /// Takes an image out, and keeps it out although the server may still list it.
    pub(crate) fn hide(&mut self, key: ImageId) -> Option<Image> {
        if let Err(at) = self.hidden.binary_search(&key) {
            self.hidden.insert(at, key);
        }
        self.remove(key)
    }

    /// Brings a hidden image back.
    pub(crate) fn show(&mut self, image: Image) {
        if let Ok(at) = self.hidden.binary_search(&image.key) {
            self.hidden.remove(at);
        }
        self.put(image);
    }

    fn find(&self, key: ImageId) -> Result<usize, usize> {
        self.images.binary_search_by(|image| image.key.cmp(&key))
    }
}

#[cfg(test)]
mod tests {
    use wire::Status;

    use super::*;

    /// Image `n`; higher is newer.
    fn image(n: u64) -> Image {
        Image {
            key: id(n),
            name: format!("{n}.jpg"),
            status: Status::Ready,
            created_at: String::new(),
            media_type: None,
            bytes: 1,
            width: None,
            height: None,
            thumbnail: None,
            placeholder: None,
            larger: Vec::new(),
            error: None,
        }
    }

    fn id(n: u64) -> ImageId {
        ImageId::new(n, [0; 10])
    }

    fn page(numbers: &[u64], next_cursor: Option<&str>) -> ImagePage {
        let images = numbers.iter().map(|n| image(*n)).collect();
        ImagePage { images, next_cursor: next_cursor.map(str::to_owned) }
    }

    fn names(shelf: &Shelf) -> Vec<&str> {
        shelf.images().iter().map(|image| image.name.trim_end_matches(".jpg")).collect()
    }

    fn loaded(first: ImagePage) -> Shelf {
        let mut shelf = Shelf::default();
        shelf.refresh(first, None);
        shelf
    }

    #[test]
    fn pages_follow_each_other_newest_first() {
        let mut shelf = loaded(page(&[9, 8], Some("after 8")));
        shelf.append("after 8", page(&[7, 6], None));
        assert_eq!(names(&shelf), ["9", "8", "7", "6"]);
        assert_eq!(shelf.next_cursor(), None);
        shelf.append("after 8", page(&[5], None));
        assert_eq!(names(&shelf).len(), 4, "a page for an old cursor is late");
    }

    #[test]
    fn refreshing_adds_new_ones_drops_deleted_ones_and_keeps_later_pages() {
        let mut shelf = loaded(page(&[9, 8], Some("after 8")));
        shelf.append("after 8", page(&[7, 6], Some("after 6")));
        shelf.refresh(page(&[10, 8], Some("after 8")), Some(id(9)));
        assert_eq!(names(&shelf), ["10", "8", "7", "6"]);
        assert_eq!(shelf.next_cursor(), Some("after 6"));
    }

    #[test]
    fn a_refresh_that_meets_nothing_known_leaves_no_gap() {
        let mut shelf = loaded(page(&[9, 8], Some("after 8")));
        shelf.append("after 8", page(&[7], None));
        shelf.refresh(page(&[20, 19], Some("after 19")), Some(id(9)));
        assert_eq!(names(&shelf), ["20", "19"]);
        assert_eq!(shelf.next_cursor(), Some("after 19"));
    }

    #[test]
    fn an_image_that_came_while_the_page_was_on_its_way_stays() {
        let mut shelf = loaded(page(&[9], None));
        shelf.put(image(12));
        shelf.refresh(page(&[9], None), Some(id(9)));
        assert_eq!(names(&shelf), ["12", "9"]);
    }

    #[test]
    fn refreshing_an_emptied_gallery_empties_it() {
        let mut shelf = loaded(page(&[9, 8], None));
        shelf.refresh(page(&[], None), Some(id(9)));
        assert!(shelf.is_empty() && shelf.is_loaded());
    }

    #[test]
    fn a_changed_image_takes_the_place_of_the_old_one() {
        let mut shelf = loaded(page(&[9, 8], None));
        shelf.put(Image { name: "new.jpg".into(), ..image(9) });
        assert_eq!(names(&shelf), ["new", "8"]);
        shelf.remove(id(9));
        assert_eq!(names(&shelf), ["8"]);
    }

    #[test]
    fn a_hidden_image_stays_away_until_it_is_shown_again() {
        let mut shelf = loaded(page(&[9, 8], None));
        let hidden = shelf.hide(id(9)).unwrap();
        shelf.refresh(page(&[9, 8], None), Some(id(9)));
        shelf.put(image(9));
        assert_eq!(names(&shelf), ["8"]);
        shelf.show(hidden);
        assert_eq!(names(&shelf), ["9", "8"]);
        assert_eq!((shelf.position(id(8)), shelf.position(id(7))), (Some(1), None));
    }
}
