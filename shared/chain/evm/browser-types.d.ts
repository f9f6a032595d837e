// viem's declarations name types of the browser that Node's do not have. Nothing here uses them.
type CryptoKey = object;
type AuthenticatorAttestationResponse = object;
type AuthenticationExtensionsClientOutputs = object;
