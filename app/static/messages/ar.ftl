drop-title = أفلت الصور هنا
drop-hint = أو الصقها، أو اخترها من هذا الجهاز. المجلدات تعمل أيضًا.
drop-now = أفلتها لإضافتها
touch-title = أضف صورك
touch-hint = التقط صورة الآن أو اختر من هذا الجهاز.
choose-files = اختيار صور
choose-folder = اختيار مجلد
take-photo = التقاط صورة
language = اللغة

uploads = عمليات الرفع
upload-of = رفع { $name }
action-on = { $action }: { $name }
clear-finished = إخفاء المكتمل
retry-all = إعادة محاولة ما فشل
pause-all = إيقاف الكل مؤقتًا
resume-all = متابعة الكل
cancel = إلغاء
pause = إيقاف مؤقت
resume = متابعة
retry = حاول مرة أخرى
remove = إزالة من القائمة
offline = أنت غير متصل. يتابع الرفع تلقائيًا عند عودة الشبكة.
restored = { $count ->
    [one] تتم متابعة عملية رفع سابقة.
    [two] تتم متابعة عمليتي رفع سابقتين.
    [few] تتم متابعة { $count } عمليات رفع سابقة.
   *[other] تتم متابعة { $count } عملية رفع سابقة.
}

waiting = في الانتظار
preparing = تُنشأ المعاينة
prepared = جاهزة للإرسال
signing = يبدأ
sent-of = { $sent } من { $total }
finishing = أُرسلت ويجري حفظها
processing = وصلت ويجري فحصها
ready = في المعرض
paused = متوقفة مؤقتًا
interrupted = انقطعت، ستُعاد المحاولة قريبًا
same = مطابقة لصورة الخادم بايتًا ببايت
different = مصغّرة الخادم تختلف عن هذه المعاينة
duplicate = سبق أن أرسلت هذه الصورة نفسها باسم { $name }.
send-anyway = إرسال مرة أخرى

done-of = اكتمل { $ready } من { $files }
done-of-failed = اكتمل { $ready } من { $files }، وفشل { $failed }
line-bytes = { $sent } من { $total }
line-rate = { $size }/ث
left-seconds = بقي { $n } ث
left-minutes = بقي { $n } د
left-hours = بقي { $n } س
all-done = تم: { $ready ->
    [one] أُضيفت صورة واحدة.
    [two] أُضيفت صورتان.
    [few] أُضيفت { $ready } صور.
   *[other] أُضيفت { $ready } صورة.
}
all-failed = { $failed ->
    [one] تعذرت إضافة صورة واحدة.
    [two] تعذرت إضافة صورتين.
    [few] تعذرت إضافة { $failed } صور.
   *[other] تعذرت إضافة { $failed } صورة.
}
all-mixed = { $ready ->
    [one] أُضيفت صورة واحدة،
    [two] أُضيفت صورتان،
    [few] أُضيفت { $ready } صور،
   *[other] أُضيفت { $ready } صورة،
} وتعذرت إضافة { $failed }.
skipped = { $count ->
    [one] تُرك ملف واحد
    [two] تُرك ملفان
    [few] تُركت { $count } ملفات
   *[other] تُرك { $count } ملفًا
}
skipped-junk = ملف نظام وليس صورة
hide = إخفاء

empty-file = هذا الملف فارغ. تحقق منه على جهازك.
too-large = حجم هذا الملف { $bytes } والحد الأقصى { $max }. صغّره وحاول مرة أخرى.
unreadable = لم يعد بالإمكان قراءة الملف. ربما نُقل أو تغيّر أو حُذف. اختره مرة أخرى.
worker-died = تعذّر إنشاء المعاينة: لم يُحمَّل الجزء الذي ينشئها أو نفدت الذاكرة. حاول مرة أخرى.
file-changed = تغيّر الملف بعد إضافته. اختره مرة أخرى.
store-too-large = لا يقبل المخزن ملفات بهذا الحجم. صغّره وحاول مرة أخرى.
store-busy = لم يقبل المخزن الملف. حاول بعد لحظة.
store-refused = رفض المخزن الملف. حاول مرة أخرى، وإن استمر ذلك فأعد تحميل الصفحة.
network = انقطع الاتصال. تحقق من الشبكة وحاول مرة أخرى.
lost = لم تعد هذه الصورة على الخادم. ربما حُذفت.
unexpected = تعذّر فهم رد الخادم. حاول بعد لحظة.
busy = طلبات كثيرة دفعة واحدة. يتابع العمل تلقائيًا بعد لحظة.
unavailable = لا يمكن الوصول إلى الخادم أو لا مكان لديه الآن. حاول لاحقًا.
unsupported-type = هذا النوع من الملفات غير مقبول. أرسل JPEG أو PNG أو WebP أو GIF أو BMP أو TIFF.

failure-not-an-image = هذه ليست صورة. اختر صورة.
failure-unsupported-format = لا يمكن قراءة هذا النوع من الصور. احفظها بصيغة JPEG أو PNG وحاول مرة أخرى.
failure-corrupt = الصورة تالفة. صدّرها من جديد أو اختر نسخة أخرى.
failure-too-many-pixels = في الصورة عدد كبير جدًا من البكسلات. صغّرها وحاول مرة أخرى.
failure-checksum-mismatch = ما وصل ليس ما أُرسل. حاول مرة أخرى.
failure-internal = حدث خطأ لدينا. حاول لاحقًا.

gallery = المعرض
gallery-loading = يجري تحميل المعرض
gallery-empty = لا شيء هنا بعد
gallery-empty-hint = تظهر هنا الصور التي تضيفها، الأحدث أولًا.
gallery-failed = تعذّر عرض المعرض.
photo-failed = { $name }: لا مصغّرة

select = تحديد
select-done = تم
select-photo = تحديد { $name }
selected = { $count ->
    [one] حُددت صورة واحدة
    [two] حُددت صورتان
    [few] حُددت { $count } صور
   *[other] حُددت { $count } صورة
}
delete-selected = حذف
download-selected = تنزيل

photo = صورة
close = إغلاق
previous = الصورة السابقة
next = الصورة التالية
zoom-in = تكبير
zoom-out = تصغير
details = التفاصيل
download = تنزيل
copy-link = نسخ الرابط
link-copied = نُسخ الرابط
link-not-copied = تعذّر نسخ الرابط. خذه من شريط العنوان.
delete = حذف
deleted = { $count ->
    [one] حُذفت الصورة
    [two] حُذفت صورتان
    [few] حُذفت { $count } صور
   *[other] حُذفت { $count } صورة
}
delete-failed = تعذّر الحذف فعادت الصورة. حاول مرة أخرى.
undo = تراجع
loading-photo = يجري تحميل الصورة
only-thumbnail = لا يستطيع هذا المتصفح عرض الأصل. هذه مصغّرته؛ نزّله لتراه كاملًا.
photo-gone = لم تعد هذه الصورة موجودة.
added-on = أُضيفت
picture-size = الأبعاد
pixels = { $width } × { $height } بكسل
file-size = الملف
file-digest = SHA-256
thumbnail-size = المصغّرة
