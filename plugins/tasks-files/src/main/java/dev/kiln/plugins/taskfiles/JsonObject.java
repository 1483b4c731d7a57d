package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object. Immutable.
 *
 * @param place where it begins
 * @param values an object, a list of values, or the text of a string, a number or a truth value;
 *     nulls are left out
 */
record JsonObject(Place place, Map<String, Object> values) {

    /** @throws InvalidInput when there is no such text; so all of these do */
    String text(String key) {
        return optionalText(key).orElseThrow(() -> missing(key, "a text"));
    }

    /** Empty when there is no such key. */
    Optional<String> optionalText(String key) {
        return optional(key).map(value -> as(String.class, value, key, "a text"));
    }

    List<String> texts(String key) {
        return optionalTexts(key).orElseThrow(() -> missing(key, "a list of texts"));
    }

    Optional<List<String>> optionalTexts(String key) {
        return optional(key).map(value -> listOf(String.class, value, key, "a list of texts"));
    }

    List<List<String>> lists(String key) {
        String expected = "a list of lists of texts";
        Object value = optional(key).orElseThrow(() -> missing(key, expected));
        return listOf(List.class, value, key, expected).stream()
                .map(list -> listOf(String.class, list, key, expected))
                .toList();
    }

    JsonObject object(String key) {
        return optionalObject(key).orElseThrow(() -> missing(key, "an object"));
    }

    Optional<JsonObject> optionalObject(String key) {
        return optional(key).map(value -> as(JsonObject.class, value, key, "an object"));
    }

    List<JsonObject> objects(String key) {
        Object value = optional(key).orElseThrow(() -> missing(key, "a list of objects"));
        return listOf(JsonObject.class, value, key, "a list of objects");
    }

    private Optional<Object> optional(String key) {
        return Optional.ofNullable(values.get(key));
    }

    private <T> List<T> listOf(Class<T> type, Object value, String key, String expected) {
        List<?> list = as(List.class, value, key, expected);
        return list.stream().map(element -> as(type, element, key, expected)).toList();
    }

    private <T> T as(Class<T> type, Object value, String key, String expected) {
        if (!type.isInstance(value)) {
            throw place.refuse(String.format(Locale.ROOT, "expected %s in \"%s\"", expected, key));
        }
        return type.cast(value);
    }

    private InvalidInput missing(String key, String what) {
        String keys = values.isEmpty() ? "none" : String.join(", ", values.keySet());
        return place.refuse(
                String.format(
                        Locale.ROOT, "expected \"%s\", %s; the object has %s", key, what, keys));
    }
}
