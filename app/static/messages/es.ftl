drop-title = Suelta aquí tus fotos
drop-hint = o pégalas, o elígelas en este dispositivo. También carpetas.
drop-now = Suéltalas para añadirlas
touch-title = Añade tus fotos
touch-hint = Haz una ahora o elígela en este dispositivo.
choose-files = Elegir fotos
choose-folder = Elegir una carpeta
take-photo = Hacer una foto
language = Idioma

uploads = Subidas
upload-of = Subida de { $name }
action-on = { $action }: { $name }
clear-finished = Quitar las terminadas
retry-all = Reintentar las fallidas
pause-all = Pausar todo
resume-all = Reanudar todo
cancel = Cancelar
pause = Pausar
resume = Reanudar
retry = Reintentar
remove = Quitar de la lista
offline = Estás sin conexión. Las subidas seguirán solas cuando vuelva la red.
restored = { $count ->
    [one] Sigue una subida de antes.
   *[other] Siguen { $count } subidas de antes.
}

waiting = En espera
preparing = Creando la vista previa
prepared = Lista para enviar
signing = Empezando
sent-of = { $sent } de { $total }
finishing = Enviada, guardándose
processing = Recibida, comprobándose
ready = En la galería
paused = En pausa
interrupted = Interrumpida, se reintenta pronto
same = Igual que la del servidor, byte a byte
different = La miniatura del servidor no coincide con esta vista previa
duplicate = Ya enviaste esta misma foto, como { $name }.
send-anyway = Enviar otra vez

done-of = { $ready } de { $files } listas
done-of-failed = { $ready } de { $files } listas, { $failed } con error
line-bytes = { $sent } de { $total }
line-rate = { $size }/s
left-seconds = quedan { $n } s
left-minutes = quedan { $n } min
left-hours = quedan { $n } h
all-done = Listo: { $ready ->
    [one] una foto añadida.
   *[other] { $ready } fotos añadidas.
}
all-failed = { $failed ->
    [one] Una foto no se pudo añadir.
   *[other] { $failed } fotos no se pudieron añadir.
}
all-mixed = { $ready ->
    [one] Una foto añadida,
   *[other] { $ready } fotos añadidas,
} { $failed } no se pudieron añadir.
skipped = { $count ->
    [one] Se dejó fuera un archivo
   *[other] Se dejaron fuera { $count } archivos
}
skipped-junk = un archivo del sistema, no una foto
hide = Ocultar

empty-file = Este archivo está vacío. Compruébalo en tu dispositivo.
too-large = Este archivo ocupa { $bytes }; el máximo es { $max }. Hazlo más pequeño e inténtalo de nuevo.
unreadable = El archivo ya no se puede leer. Puede que se haya movido, cambiado o borrado. Elígelo otra vez.
worker-died = No se pudo crear la vista previa: la parte que la crea no se cargó o se quedó sin memoria. Inténtalo de nuevo.
file-changed = El archivo cambió después de añadirlo. Elígelo otra vez.
store-too-large = El almacén no acepta archivos de este tamaño. Hazlo más pequeño e inténtalo de nuevo.
store-busy = El almacén no aceptó el archivo. Inténtalo de nuevo en un momento.
store-refused = El almacén rechazó el archivo. Inténtalo de nuevo; si sigue igual, recarga la página.
network = Se cortó la conexión. Comprueba la red e inténtalo de nuevo.
lost = El servidor ya no tiene esta foto. Puede que se haya borrado.
unexpected = No se entiende la respuesta del servidor. Inténtalo de nuevo en un momento.
busy = Demasiado a la vez. Seguirá solo en un momento.
unavailable = El servidor no responde o ahora no tiene sitio. Inténtalo más tarde.
unsupported-type = No se acepta este tipo de archivo. Envía JPEG, PNG, WebP, GIF, BMP o TIFF.

failure-not-an-image = Esto no es una imagen. Elige una foto.
failure-unsupported-format = Este tipo de imagen no se puede leer. Guárdala como JPEG o PNG e inténtalo de nuevo.
failure-corrupt = La imagen está dañada. Expórtala otra vez o elige otra copia.
failure-too-many-pixels = La imagen tiene demasiados píxeles. Hazla más pequeña e inténtalo de nuevo.
failure-checksum-mismatch = Lo que llegó no es lo que se envió. Inténtalo de nuevo.
failure-internal = Algo falló por nuestra parte. Inténtalo más tarde.

gallery = Galería
gallery-loading = Cargando la galería
gallery-empty = Aún no hay nada
gallery-empty-hint = Aquí aparecen las fotos que añades, la más reciente primero.
gallery-failed = No se puede mostrar la galería.
photo-failed = { $name }: sin miniatura

select = Seleccionar
select-done = Listo
select-photo = Seleccionar { $name }
selected = { $count ->
    [one] Una foto seleccionada
   *[other] { $count } fotos seleccionadas
}
delete-selected = Borrar
download-selected = Descargar

photo = Foto
close = Cerrar
previous = Foto anterior
next = Foto siguiente
zoom-in = Acercar
zoom-out = Alejar
details = Detalles
download = Descargar
copy-link = Copiar enlace
link-copied = Enlace copiado
link-not-copied = No se pudo copiar el enlace. Tómalo de la barra de direcciones.
delete = Borrar
deleted = { $count ->
    [one] Foto borrada
   *[other] { $count } fotos borradas
}
delete-failed = No se pudo borrar; la foto ha vuelto. Inténtalo de nuevo.
undo = Deshacer
loading-photo = Cargando la foto
only-thumbnail = Este navegador no puede mostrar el original. Aquí está su miniatura; descárgalo para verlo entero.
photo-gone = Esta foto ya no está.
added-on = Añadida
picture-size = Tamaño
pixels = { $width } × { $height } px
file-size = Archivo
file-digest = SHA-256
thumbnail-size = Miniatura
