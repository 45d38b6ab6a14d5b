/** Only the names of the operations are published; the rest stands in a Postman collection that needs an account [S1]. */
export const ROUTE_UNVERIFIED =
  'Senquip has not published the path and parameters of this call: if it fails, correct its route in the account.'
