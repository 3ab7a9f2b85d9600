"""Listings: prefixes, delimiters, pages, encodings, both versions."""

from support import BUCKET, Case


class Lists(Case):
    NAMES = ["a", "b/1", "b/2", "b/c/3", "d é+&<", "e/f/g", "e0", "e~"]

    def setUp(self):
        super().setUp()
        for name in self.NAMES:
            self.put(name, b"x")

    def page(self, version=2, **more):
        more = {"Bucket": BUCKET, "Prefix": self.prefix, **more}
        page = self.s3.list_objects_v2(**more) if version == 2 else self.s3.list_objects(**more)
        cut = lambda name: name[len(self.prefix):]
        objects = [cut(entry["Key"]) for entry in page.get("Contents", [])]
        prefixes = [cut(entry["Prefix"]) for entry in page.get("CommonPrefixes", [])]
        return page, objects, prefixes

    def test_pages_of_any_size_add_up(self):
        for delimiter in "", "/":
            _, all_objects, all_prefixes = self.page(Delimiter=delimiter)
            for size in range(1, 10):
                objects, prefixes, more = [], [], {}
                while True:
                    page, some, common = self.page(Delimiter=delimiter, MaxKeys=size, **more)
                    self.assertLessEqual(len(some) + len(common), size)
                    self.assertEqual(page["KeyCount"], len(some) + len(common))
                    objects += some
                    prefixes += common
                    if not page["IsTruncated"]:
                        break
                    more = {"ContinuationToken": page["NextContinuationToken"]}
                self.assertEqual((objects, prefixes), (all_objects, all_prefixes), size)
        self.assertEqual(self.page()[1], self.NAMES)

    def test_the_first_version_pages_by_marker(self):
        objects, prefixes, more = [], [], {}
        while True:
            page, some, common = self.page(1, Delimiter="/", MaxKeys=2, **more)
            objects += some
            prefixes += common
            if not page["IsTruncated"]:
                break
            more = {"Marker": page["NextMarker"]}
        self.assertEqual(objects, ["a", "d é+&<", "e0", "e~"])
        self.assertEqual(prefixes, ["b/", "e/"])
        self.assertEqual(self.page(1, Marker=self.key("e/f/g"))[1], ["e0", "e~"])

    def test_prefix_and_delimiter(self):
        self.assertEqual(self.page(Delimiter="/")[1:], (["a", "d é+&<", "e0", "e~"], ["b/", "e/"]))
        self.assertEqual(self.page(Prefix=self.key("b/"), Delimiter="/")[1:], (["b/1", "b/2"], ["b/c/"]))
        self.assertEqual(self.page(Prefix=self.key("b"), Delimiter="/")[1:], ([], ["b/"]))
        self.assertEqual(self.page(Delimiter="/f")[2], ["e/f"])
        self.assertEqual(self.page(Prefix=self.key("nothing"))[1:], ([], []))
        page, objects, _ = self.page(MaxKeys=0)
        self.assertEqual((objects, page["IsTruncated"]), ([], False))

    def test_start_after(self):
        self.assertEqual(self.page(StartAfter=self.key("b/2"))[1], self.NAMES[3:])
        self.assertEqual(self.page(StartAfter=self.key("zzz"))[1], [])
        self.assertEqual(self.page(StartAfter=self.key("b/1"), Delimiter="/")[2], ["b/", "e/"])

    def test_what_cannot_be_asked(self):
        self.refused(400, "InvalidArgument", self.page, MaxKeys=-1)
        self.refused(400, "InvalidArgument", self.page, ContinuationToken="nonsense")
        self.refused(400, "InvalidArgument", self.page, EncodingType="other")

    def test_a_listing_says_what_an_object_is(self):
        entry = self.page(MaxKeys=1)[0]["Contents"][0]
        head = self.s3.head_object(Bucket=BUCKET, Key=entry["Key"])
        self.assertEqual((entry["Size"], entry["ETag"], entry["StorageClass"]), (1, head["ETag"], "STANDARD"))
        self.assertEqual(entry["LastModified"].replace(microsecond=0), head["LastModified"])
        self.assertNotIn("Owner", entry)
        self.assertIn("Owner", self.page(MaxKeys=1, FetchOwner=True)[0]["Contents"][0])
