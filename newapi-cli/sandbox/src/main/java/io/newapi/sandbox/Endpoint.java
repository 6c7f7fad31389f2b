package io.newapi.sandbox;

/** Answers the requests of one path. */
interface Endpoint {

    /** @throws Refused if the real provider would not answer this */
    Answer answer(Call call);
}
