package io.unpark.analysis.incident;

import io.unpark.analysis.model.Finding;
import java.util.Iterator;
import java.util.TreeMap;

/** A store in memory that counts how often it was read whole. */
public final class MemoryStore implements FindingStore {
    final TreeMap<String, Finding> findings = new TreeMap<>();
    int scans;

    @Override
    public Finding get(String findingId) {
        return findings.get(findingId);
    }

    @Override
    public void put(Finding finding) {
        findings.put(finding.findingId(), finding);
    }

    @Override
    public void remove(String findingId) {
        findings.remove(findingId);
    }

    @Override
    public String last(String atMost) {
        return atMost.isEmpty() ? findings.lastKey() : findings.floorKey(atMost);
    }

    @Override
    public Iterator<Finding> all() {
        scans++;
        return findings.values().iterator();
    }
}
