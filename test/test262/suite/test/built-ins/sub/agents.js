$262.agent.start("");
