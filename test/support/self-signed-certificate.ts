import { generateKeyPairSync, sign } from "node:crypto";

/** Encodes a value in DER, the binary form of a certificate. */
const der = (tag: number, ...parts: readonly Buffer[]) => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const bytes = length < 256 ? [length] : [length >> 8, length & 0xff];
  const size = length < 128 ? bytes : [0x80 + bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const objectId = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
/** Formats a time such as `261231235959Z`. */
const time = (ms: number) =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/\D/g, "")}Z`));

const VERSION_3 = der(0xa0, integer(2));
const ECDSA_WITH_SHA256 = sequence(objectId("2a8648ce3d040302"));
const COMMON_NAME = objectId("550403");
const ALTERNATIVE_NAME = objectId("551d11");
const NAME = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from("test")))));
const LOOPBACK = der(0x87, Buffer.from([127, 0, 0, 1]));
const EXTENSIONS = der(0xa3, sequence(sequence(ALTERNATIVE_NAME, der(0x04, sequence(LOOPBACK)))));

const HOUR_MS = 3_600_000;

/** Makes a certificate for a server at 127.0.0.1, and its private key, both in PEM. They are valid for an hour. */
export const createCertificate = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const validity = sequence(time(Date.now() - HOUR_MS), time(Date.now() + HOUR_MS));
  const subject = publicKey.export({ type: "spki", format: "der" });
  const names = [ECDSA_WITH_SHA256, NAME, validity, NAME];
  const content = sequence(VERSION_3, integer(1), ...names, subject, EXTENSIONS);
  const signature = der(0x03, Buffer.from([0]), sign("sha256", content, privateKey));
  const certificate = sequence(content, ECDSA_WITH_SHA256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
};
