/** Every hostile sequence by group: 117 ids from W001 to W140, with gaps. Each is a case or has a reason, in both roles. */
export const SEQUENCES: Readonly<Record<string, readonly string[]>> = {
  // Before and during TLS, identity, pairing
  A: ids('001 002 003 004 006 007 008 009 010 012 013 014 015 016 018 019 020 021 022 024 025 026 027 028', '030'),
  // Framing
  B: ids(
    '031 032 033 034 036 037 038 039 040 042 043 044 045 046 048 049 050 051 052 054 055 056 057 058',
    '060 061 062',
  ),
  // State machine and authorisation
  C: ids('063 064 066 067 068 069 070 072 073 074 075 076 078 079 080 081 082 084 085 086'),
  // Offer (manifest) and metadata
  D: ids('087 088 090 091 092 093 094 096 097 098 099 100 102 103 104 105'),
  // Data
  E: ids('106 108 109 110 111 112 114 115 116 117 118 120 121 122 123 124'),
  // Exhaustion
  F: ids('126 127 128 129 130 132 133 134 135 136 138 139 140'),
};

function ids(...numbers: readonly string[]): string[] {
  return numbers.flatMap((line) => line.split(' ')).map((number) => `W${number}`);
}
