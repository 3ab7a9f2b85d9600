// What an installation costs a month. Plain arithmetic over prices.json; index.html shows it, cost.test.mjs tests it.

const HOURS = 730;
const DAYS = 30.4;
const GB = 1e9;

/** What is asked of a system in a month; `infra/terraform` says the memories. */
export const DEFAULTS = {
    images: 100_000,
    original_mb: 3,
    // How often a page of the gallery is looked at; one shows 50 thumbnails.
    gallery_views: 200_000,
    // How many of the originals of a month are downloaded.
    originals_downloaded: 5_000,
    // For how long originals are kept, and for how many months the system has been running.
    retention_months: 12,
    processor_memory_mb: 1769,
    processor_ms: 250,
    api_memory_mb: 512,
    api_ms: 30,
    batch: 4,
    tiering: true,
    waf: false,
    free_tier: true,
    // Of containers: how much more is asked in the busiest hour than on average.
    peak: 10,
};

// Measured: README.md, mean of the photos.
const THUMBNAIL_KB = 3.0;
// From here on assumptions, as are the milliseconds above: nothing of it was measured on AWS.
const ENTRY_KB = 0.2;
const PAGE_KB = 311; // page and worker, the first time a browser comes
const ASSETS = 10;
const THUMBNAILS_A_PAGE = 50;
// Of a visitor's gallery pages, how many are seen with nothing in the browser's cache.
const NEW_VISITORS = 0.3;
const POLLS_A_UPLOAD = 3;
const FILES_A_SIGNING = 5;
const LOG_LINE_KB = 0.6;
const IDLE_POLLS = (5 * 3600 * HOURS) / 20; // five pollers of Lambda, 20 s each
const ALARMS = 8;
const METRICS = 7;

const beyond = (amount, free, use) => Math.max(0, amount - (use.free_tier ? free : 0));

/** How often each part is used. */
function load(use) {
    const uploadsSigned = use.images / FILES_A_SIGNING;
    const api = uploadsSigned + use.images * POLLS_A_UPLOAD + use.gallery_views + use.originals_downloaded;
    const seen = use.gallery_views * NEW_VISITORS;
    return {
        api,
        cdnRequests: api + seen * (THUMBNAILS_A_PAGE + ASSETS),
        pageRequests: seen * ASSETS,
        cdnGb: (seen * (THUMBNAILS_A_PAGE * THUMBNAIL_KB + PAGE_KB) * 1e3 + api * 2e3) / GB,
        downloadedGb: (use.originals_downloaded * use.original_mb * 1e6) / GB,
    };
}

/** S3, queue and CDN: the same whoever does the work. */
function shared(use, prices) {
    const { s3, sqs, cloudfront } = prices;
    const { api, cdnRequests, pageRequests, cdnGb, downloadedGb } = load(use);
    const objectsKept = use.images * use.retention_months;
    const monthGb = (use.images * use.original_mb * 1e6) / GB;
    // The first month read often, then two rarely, then archived; the newest first.
    const frequent = Math.min(1, use.retention_months);
    const rare = Math.min(2, Math.max(0, use.retention_months - 1));
    const archived = Math.max(0, use.retention_months - 3);
    const originals = use.tiering
        ? monthGb * (frequent * s3.tiering_frequent_gb_month + rare * s3.tiering_rare_gb_month + archived * s3.tiering_archive_gb_month)
            + objectsKept * s3.tiering_watch_per_object_month + use.images * s3.tiering_move_per_object
        : monthGb * use.retention_months * s3.standard_gb_month;
    const made = (objectsKept * (THUMBNAIL_KB + ENTRY_KB) * 1e3) / GB * s3.standard_gb_month;
    // Of one image: upload, thumbnail, entry, two listings of the processor; of the API: a listing or two a call.
    const writes = use.images * 5 + api * 1.5;
    const reads = use.images * 3 + cdnRequests * 0.1;
    return {
        "originals kept": originals,
        "thumbnails and entries kept": made,
        "requests to S3": writes * s3.per_put_or_list + reads * s3.per_get,
        "originals downloaded": beyond(downloadedGb, s3.free_out_gb, use) * s3.out_per_gb,
        queue: beyond(use.images * 3 + IDLE_POLLS, sqs.free_requests, use) * sqs.per_request,
        CDN: beyond(cdnGb, cloudfront.free_gb, use) * cloudfront.per_gb
            + beyond(cdnRequests, cloudfront.free_requests, use) * cloudfront.per_request
            + beyond(pageRequests, cloudfront.free_function_calls, use) * cloudfront.per_function_call,
        "web ACL": use.waf ? prices.waf.per_acl + 2 * prices.waf.per_rule + cdnRequests * prices.waf.per_request : 0,
    };
}

function logs(use, prices) {
    const { cloudwatch } = prices;
    const gb = ((load(use).api * 2 + use.images * 3) * LOG_LINE_KB * 1e3) / GB;
    return beyond(gb, cloudwatch.free_logs_gb, use) * cloudwatch.logs_per_gb + gb * cloudwatch.logs_gb_month
        + beyond(ALARMS, cloudwatch.free_alarms, use) * cloudwatch.per_alarm
        + beyond(METRICS, cloudwatch.free_metrics, use) * cloudwatch.per_metric;
}

const total = (lines) => Object.values(lines).reduce((sum, value) => sum + value, 0);
const sum = (lines) => ({ lines, total: total(lines) });

/** What `infra/terraform` sets up. */
export function serverless(use, prices) {
    const { lambda, http_api } = prices;
    const { api } = load(use);
    const gbS = (use.images * use.processor_ms * use.processor_memory_mb + api * use.api_ms * use.api_memory_mb) / 1e3 / 1024;
    const calls = use.images / use.batch + api;
    return sum({
        functions: beyond(gbS, lambda.free_gb_s, use) * lambda.per_gb_s + beyond(calls, lambda.free_requests, use) * lambda.per_request,
        API: api * http_api.per_request,
        ...shared(use, prices),
        "logs, metrics, alarms": logs(use, prices),
    });
}

/** The same work by containers that always run: two of the API behind a load balancer, and workers for the peak. */
export function containers(use, prices) {
    const { fargate, load_balancer } = prices;
    const hour = (vcpu, gb) => vcpu * fargate.per_vcpu_hour + gb * fargate.per_gb_hour;
    const imagesAtPeak = (use.images / (DAYS * 86_400)) * use.peak;
    // A worker of one core, three quarters busy at the peak; two, so that one may fail.
    const workers = Math.max(2, Math.ceil((imagesAtPeak * use.processor_ms) / 1e3 / 0.75));
    return {
        workers,
        ...sum({
            workers: workers * hour(1, 2) * HOURS,
            "API, two tasks": 2 * hour(0.25, 0.5) * HOURS,
            "load balancer": (load_balancer.per_hour + load_balancer.per_unit_hour) * HOURS,
            ...shared(use, prices),
            "logs, metrics, alarms": logs(use, prices),
        }),
    };
}

/** What would lower the costs, and by how much, the most first. */
export function levers(use, prices) {
    const now = serverless(use, prices).total;
    const changes = [
        ["keep originals for a month (originals_expire_after_days = 30)", { retention_months: Math.min(1, use.retention_months) }],
        ["let S3 tier originals (as it is set up)", { tiering: true }],
        ["go without the web ACL (enable_waf = false)", { waf: false }],
        ["512 MB for the processor, where originals are below 100 MB (processor_memory_mb, max_upload_bytes)", {
            processor_memory_mb: Math.min(512, use.processor_memory_mb), processor_ms: use.processor_memory_mb > 512 ? use.processor_ms * (use.processor_memory_mb / 512) * 0.9 : use.processor_ms,
        }],
        ["ten messages a call (batch_size = 10)", { batch: Math.max(10, use.batch) }],
    ];
    return changes
        .map(([what, change]) => ({ what, saves: now - serverless({ ...use, ...change }, prices).total }))
        .filter(({ saves }) => saves > 0.005)
        .sort((a, b) => b.saves - a.saves);
}

/** From how many images a month on containers cost less, everything else in proportion; null if never below a billion. */
export function breakEven(use, prices) {
    const scaled = (images) => {
        const by = images / use.images;
        return { ...use, images, gallery_views: use.gallery_views * by, originals_downloaded: use.originals_downloaded * by };
    };
    for (let images = 1_000; images <= 1e9; images *= 1.1) {
        if (containers(scaled(images), prices).total < serverless(scaled(images), prices).total) {
            return Math.round(images);
        }
    }
    return null;
}
