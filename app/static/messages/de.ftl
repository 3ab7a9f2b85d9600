drop-title = Fotos hierher ziehen
drop-hint = oder einfügen, oder von diesem Gerät auswählen. Ordner gehen auch.
drop-now = Loslassen zum Hinzufügen
touch-title = Fotos hinzufügen
touch-hint = Jetzt eines aufnehmen oder von diesem Gerät auswählen.
choose-files = Fotos auswählen
choose-folder = Ordner auswählen
take-photo = Foto aufnehmen
language = Sprache

uploads = Hochladen
upload-of = Hochladen von { $name }
action-on = { $action }: { $name }
clear-finished = Fertige ausblenden
retry-all = Fehlgeschlagene wiederholen
pause-all = Alle anhalten
resume-all = Alle fortsetzen
cancel = Abbrechen
pause = Anhalten
resume = Fortsetzen
retry = Noch einmal
remove = Aus der Liste nehmen
offline = Sie sind offline. Sobald das Netz wieder da ist, geht es von selbst weiter.
restored = { $count ->
    [one] Eine Übertragung von vorhin geht weiter.
   *[other] { $count } Übertragungen von vorhin gehen weiter.
}

waiting = Wartet
preparing = Vorschau entsteht
prepared = Bereit zum Senden
signing = Beginnt
sent-of = { $sent } von { $total }
finishing = Gesendet, wird gespeichert
processing = Angekommen, wird geprüft
ready = In der Galerie
paused = Angehalten
interrupted = Unterbrochen, gleich wieder
same = Gleich dem des Servers, Byte für Byte
different = Das Vorschaubild des Servers weicht von diesem ab
duplicate = Genau dieses Foto haben Sie schon gesendet, als { $name }.
send-anyway = Noch einmal senden

done-of = { $ready } von { $files } fertig
done-of-failed = { $ready } von { $files } fertig, { $failed } fehlgeschlagen
line-bytes = { $sent } von { $total }
line-rate = { $size }/s
left-seconds = noch { $n } s
left-minutes = noch { $n } min
left-hours = noch { $n } h
all-done = Fertig: { $ready ->
    [one] ein Foto hinzugefügt.
   *[other] { $ready } Fotos hinzugefügt.
}
all-failed = { $failed ->
    [one] Ein Foto konnte nicht hinzugefügt werden.
   *[other] { $failed } Fotos konnten nicht hinzugefügt werden.
}
all-mixed = { $ready ->
    [one] Ein Foto hinzugefügt,
   *[other] { $ready } Fotos hinzugefügt,
} { $failed } nicht.
skipped = { $count ->
    [one] Eine Datei wurde ausgelassen
   *[other] { $count } Dateien wurden ausgelassen
}
skipped-junk = eine Systemdatei, kein Foto
hide = Ausblenden

empty-file = Diese Datei ist leer. Sehen Sie auf Ihrem Gerät nach.
too-large = Diese Datei hat { $bytes }; erlaubt sind { $max }. Verkleinern Sie sie und versuchen Sie es noch einmal.
unreadable = Die Datei ist nicht mehr lesbar. Vielleicht wurde sie verschoben, geändert oder gelöscht. Wählen Sie sie noch einmal aus.
worker-died = Die Vorschau ging nicht: der Teil, der sie macht, wurde nicht geladen oder hatte zu wenig Speicher. Versuchen Sie es noch einmal.
file-changed = Die Datei hat sich inzwischen geändert. Wählen Sie sie noch einmal aus.
store-too-large = So große Dateien nimmt der Speicher nicht. Verkleinern Sie sie und versuchen Sie es noch einmal.
store-busy = Der Speicher hat die Datei nicht angenommen. Versuchen Sie es gleich noch einmal.
store-refused = Der Speicher hat die Datei abgelehnt. Versuchen Sie es noch einmal; hilft das nicht, laden Sie die Seite neu.
network = Die Verbindung ist abgerissen. Prüfen Sie das Netz und versuchen Sie es noch einmal.
lost = Der Server hat dieses Bild nicht mehr. Vielleicht wurde es gelöscht.
unexpected = Die Antwort des Servers war nicht zu verstehen. Versuchen Sie es gleich noch einmal.
busy = Zu viel auf einmal. Es geht gleich von selbst weiter.
unavailable = Der Server ist nicht erreichbar oder hat gerade keinen Platz. Versuchen Sie es später noch einmal.
unsupported-type = Diese Art von Datei wird nicht angenommen. Senden Sie JPEG, PNG, WebP, GIF, BMP oder TIFF.

failure-not-an-image = Das ist kein Bild. Wählen Sie ein Foto aus.
failure-unsupported-format = Diese Art von Bild ist nicht lesbar. Speichern Sie es als JPEG oder PNG und versuchen Sie es noch einmal.
failure-corrupt = Das Bild ist beschädigt. Exportieren Sie es neu, oder nehmen Sie eine andere Kopie.
failure-too-many-pixels = Das Bild hat zu viele Pixel. Verkleinern Sie es und versuchen Sie es noch einmal.
failure-checksum-mismatch = Angekommen ist etwas anderes, als gesendet wurde. Versuchen Sie es noch einmal.
failure-internal = Bei uns ging etwas schief. Versuchen Sie es später noch einmal.

gallery = Galerie
gallery-loading = Die Galerie wird geladen
gallery-empty = Noch nichts da
gallery-empty-hint = Hier erscheinen Ihre Fotos, das neueste zuerst.
gallery-failed = Die Galerie lässt sich nicht anzeigen.
photo-failed = { $name }: kein Vorschaubild

select = Auswählen
select-done = Fertig
select-photo = { $name } auswählen
selected = { $count ->
    [one] Ein Foto ausgewählt
   *[other] { $count } Fotos ausgewählt
}
delete-selected = Löschen
download-selected = Herunterladen

photo = Foto
close = Schließen
previous = Voriges Foto
next = Nächstes Foto
zoom-in = Vergrößern
zoom-out = Verkleinern
details = Einzelheiten
download = Herunterladen
copy-link = Link kopieren
link-copied = Link kopiert
link-not-copied = Der Link ließ sich nicht kopieren. Nehmen Sie ihn aus der Adresszeile.
delete = Löschen
deleted = { $count ->
    [one] Foto gelöscht
   *[other] { $count } Fotos gelöscht
}
delete-failed = Das Löschen ging nicht; das Foto ist wieder da. Versuchen Sie es noch einmal.
undo = Rückgängig
loading-photo = Das Foto wird geladen
only-thumbnail = Dieser Browser kann das Original nicht anzeigen. Hier ist die Vorschau; laden Sie es herunter, um alles zu sehen.
photo-gone = Dieses Foto ist nicht mehr da.
added-on = Hinzugefügt
picture-size = Größe
pixels = { $width } × { $height } px
file-size = Datei
file-digest = SHA-256
thumbnail-size = Vorschaubild
