// Runs in CloudFront before the cache, for requests of the page: not for /api and /thumbs.
//
// Addresses of the page itself, which have no dot in their last part, all show index.html; an address of a file
// that is not there stays an error. Who takes Brotli gets the file that was compressed once, with all effort, when
// the page was built.

function takesBrotli(header) {
    return header.split(',').some(function (item) {
        var parts = item.split(';');
        var refused = parts[1] && /^\s*q=0(\.0*)?\s*$/.test(parts[1]);
        return parts[0].trim() === 'br' && !refused;
    });
}

function handler(event) {
    var request = event.request;
    var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
    if (last.indexOf('.') === -1) {
        request.uri = '/index.html';
    }
    var accepted = request.headers['accept-encoding'];
    if (accepted && takesBrotli(accepted.value) && !request.uri.endsWith('.br')) {
        request.uri += '.br';
    }
    return request;
}
