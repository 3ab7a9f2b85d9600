# Everything the page says, in English. The same messages, with the same variables, are in each file beside this one.

drop-title = Drop photos here
drop-hint = or paste them, or choose them from this device. Folders work too.
drop-now = Let go to add them
touch-title = Add your photos
touch-hint = Take one now, or choose from this device.
choose-files = Choose photos
choose-folder = Choose a folder
take-photo = Take a photo
language = Language

uploads = Uploads
upload-of = Upload of { $name }
action-on = { $action }: { $name }
clear-finished = Clear finished
retry-all = Try failed again
pause-all = Pause all
resume-all = Resume all
cancel = Cancel
pause = Pause
resume = Resume
retry = Try again
remove = Remove from the list
offline = You are offline. Uploads go on by themselves when the network is back.
restored = { $count ->
    [one] One upload from before goes on.
   *[other] { $count } uploads from before go on.
}

waiting = Waiting
preparing = Making the preview
prepared = Ready to send
signing = Starting
sent-of = { $sent } of { $total }
finishing = Sent, being stored
processing = Arrived, being checked
ready = In the gallery
paused = Paused
interrupted = Interrupted, trying again soon
same = Same as the server’s, byte for byte
different = The server’s thumbnail differs from this preview
duplicate = You have sent this very photo already, as { $name }.
send-anyway = Send again

done-of = { $ready } of { $files } done
done-of-failed = { $ready } of { $files } done, { $failed } failed
line-bytes = { $sent } of { $total }
line-rate = { $size }/s
left-seconds = { $n } s left
left-minutes = { $n } min left
left-hours = { $n } h left
all-done = Done: { $ready ->
    [one] one photo added.
   *[other] { $ready } photos added.
}
all-failed = { $failed ->
    [one] One photo could not be added.
   *[other] { $failed } photos could not be added.
}
all-mixed = { $ready ->
    [one] One photo added,
   *[other] { $ready } photos added,
} { $failed } could not be added.
skipped = { $count ->
    [one] One file was left out
   *[other] { $count } files were left out
}
skipped-junk = a system file, not a photo
hide = Hide

empty-file = This file is empty. Check it on your device.
too-large = This file has { $bytes }; the most is { $max }. Make it smaller and try again.
unreadable = The file can no longer be read. It may have been moved, changed or deleted. Choose it again.
worker-died = The preview could not be made: the part that makes it did not load, or ran out of memory. Try again.
file-changed = The file changed after it was added. Choose it again.
store-too-large = The store does not take files of this size. Make it smaller and try again.
store-busy = The store did not take the file. Try again in a moment.
store-refused = The store refused the file. Try again; if it goes on, reload the page.
network = The connection broke off. Check the network and try again.
lost = The server no longer has this picture. It may have been deleted.
unexpected = The server gave an answer that cannot be understood. Try again in a moment.
busy = Too much at once. This goes on by itself in a moment.
unavailable = The server cannot be reached or has no room at the moment. Try again later.
unsupported-type = This kind of file is not taken. Send a JPEG, PNG, WebP, GIF, BMP or TIFF.

failure-not-an-image = This is not a picture. Choose a photo.
failure-unsupported-format = This kind of picture cannot be read. Save it as a JPEG or PNG and try again.
failure-corrupt = The picture is damaged. Export it again, or choose another copy.
failure-too-many-pixels = The picture has too many pixels. Make it smaller and try again.
failure-checksum-mismatch = What arrived is not what was sent. Try again.
failure-internal = Something went wrong on our side. Try again later.

gallery = Gallery
gallery-loading = Loading the gallery
gallery-empty = Nothing here yet
gallery-empty-hint = The photos you add appear here, newest first.
gallery-failed = The gallery cannot be shown.
photo-failed = { $name }: no thumbnail

select = Select
select-done = Done
select-photo = Select { $name }
selected = { $count ->
    [one] One photo selected
   *[other] { $count } photos selected
}
delete-selected = Delete
download-selected = Download

photo = Photo
close = Close
previous = Previous photo
next = Next photo
zoom-in = Zoom in
zoom-out = Zoom out
details = Details
download = Download
copy-link = Copy link
link-copied = Link copied
link-not-copied = The link could not be copied. Take it from the address bar.
delete = Delete
deleted = { $count ->
    [one] Photo deleted
   *[other] { $count } photos deleted
}
delete-failed = Deleting did not work, so the photo is back. Try again.
undo = Undo
loading-photo = Loading the photo
only-thumbnail = This browser cannot show the original. Here is its thumbnail; download it to see it all.
photo-gone = This photo is not there any more.
added-on = Added
picture-size = Size
pixels = { $width } × { $height } px
file-size = File
file-digest = SHA-256
thumbnail-size = Thumbnail
