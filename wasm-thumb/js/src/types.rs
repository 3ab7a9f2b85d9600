//! The types that TypeScript sees.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Formats that can be read. */
export type Format = "jpeg" | "png" | "webp" | "gif" | "bmp" | "tiff";

/** Why a picture is rejected. */
export type ErrorCode = "not_an_image" | "unsupported_format" | "corrupt" | "too_many_pixels" | "internal";

/** What is thrown for a picture that is rejected. */
export interface ThumbnailError extends Error {
  readonly code: ErrorCode;
}

export interface ThumbnailOptions {
  /** Pixels, 1 to 4096; 100 if missing. */
  width?: number;
  /** Pixels, 1 to 4096; 100 if missing. */
  height?: number;
  /** 1 to 100; 85 if missing. */
  quality?: number;
  /** The most pixels accepted; 268,435,456 if missing. */
  maxPixels?: number;
}

export interface Thumbnail {
  /** A JPEG file. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** Width of the upright original, pixels. */
  sourceWidth: number;
  /** Height of the upright original, pixels. */
  sourceHeight: number;
  /** Format of the original. */
  format: Format;
}

export interface Inspection {
  format: Format;
  /** Width of the upright picture, pixels. */
  width: number;
  /** Height of the upright picture, pixels. */
  height: number;
  /** How the picture is stored: EXIF's 1 to 8. */
  orientation: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  metadata: Metadata;
}

/** What the file tells besides its pixels. What it does not tell is missing. Texts are safe to show. */
export interface Metadata {
  /** Such as `image/jpeg`. */
  mediaType: string;
  /** Maker and model. */
  camera?: string;
  /** Model of the lens. */
  lens?: string;
  /** Seconds as a fraction, such as `1/250`. */
  exposureTime?: string;
  /** The focal length in apertures. */
  fNumber?: number;
  /** The sensitivity of ISO 12232. */
  iso?: number;
  /** Millimetres. */
  focalLength?: number;
  /** Millimetres, for the same angle of view on film of 35 mm. */
  focalLength35mm?: number;
  /** What was added to the measured exposure, in steps of doubling. */
  exposureBias?: number;
  /** The moment at the camera's place as in RFC 3339; with the offset from UTC only where the camera knew it. */
  takenAt?: string;
  /** Whether the file tells where it was taken. */
  hasPosition: boolean;
  /** The name of the embedded colour profile. */
  profile?: string;
}

/** A place on the earth. */
export interface Position {
  /** Degrees, -90 to 90; north is positive. */
  latitude: number;
  /** Degrees, -180 to 180; east is positive. */
  longitude: number;
  /** Metres above the sea. */
  altitude?: number;
}

/**
 * Makes a thumbnail: a centred crop, upright, in sRGB, on white.
 * @throws {ThumbnailError} if the picture is rejected
 * @throws {RangeError} if an option is out of range
 */
export function thumbnail(bytes: Uint8Array, options?: ThumbnailOptions): Thumbnail;

/**
 * Reads what the header tells, without decoding a pixel.
 * @throws {ThumbnailError} if the picture is rejected
 */
export function inspect(bytes: Uint8Array): Inspection;

/** Where a picture was taken, if its metadata tell. */
export function position(bytes: Uint8Array): Position | undefined;
"#;
